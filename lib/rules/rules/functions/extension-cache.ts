import { lambda } from '../../../core/facts';
import { eachLimit } from '../../limits';
import type { Rule } from '../../rule';

const { extensionCacheTime, extensionCacheSize } = lambda;

export const extensionCache: Rule = {
  id: 'ExtensionCache',
  severity: 'error',
  title: `The Parameters and Secrets extension keeps at most ${extensionCacheSize.value.max} values, for at most ${extensionCacheTime.value.max} seconds`,
  why: 'The extension accepts no other value: the function would be left without its secrets.',
  fix: 'set a value in the range, or leave the variable out',
  source: extensionCacheTime.source,
  check: eachLimit(
    ['AWS::Lambda::Function'],
    [
      { property: 'Environment.Variables.SECRETS_MANAGER_TTL', range: extensionCacheTime },
      { property: 'Environment.Variables.SSM_PARAMETER_STORE_TTL', range: extensionCacheTime },
      { property: 'Environment.Variables.PARAMETERS_SECRETS_EXTENSION_CACHE_SIZE', range: extensionCacheSize },
    ],
  ),
};
