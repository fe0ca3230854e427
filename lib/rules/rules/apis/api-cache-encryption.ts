import { at, items, toBoolean } from '../../../core/model/select';
import { each, type Rule, undecided } from '../../rule';

export const apiCacheEncryption: Rule = {
  id: 'ApiCacheEncryption',
  severity: 'warning',
  title: 'The cache of a REST API is encrypted',
  why: 'Responses are cached unencrypted, including those for signed-in callers.',
  fix: 'set CacheDataEncrypted to true wherever CachingEnabled is',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/data-protection-encryption.html',
  check: each(['AWS::ApiGateway::Stage'], function* (stage) {
    for (const [index, settings] of items(at(stage, 'MethodSettings')).entries()) {
      if (toBoolean(at(settings, 'CachingEnabled')) !== true) continue;
      const property = `MethodSettings.${index}.CacheDataEncrypted`;
      const encrypted = at(settings, 'CacheDataEncrypted') ?? false;
      if (toBoolean(encrypted) === undefined) yield undecided(stage, property, encrypted);
      else if (!toBoolean(encrypted))
        yield { resource: stage, property, message: 'caches responses unencrypted', detail: String(index) };
    }
  }),
};
