import { Stack } from 'aws-cdk-lib';
import type { CfnRestApi, IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { isRecord, recordOf } from '../../core/record';

/**
 * Whether an API's network or resource policy keeps anyone out, whatever its routes require. Unknown for an
 * imported API.
 */
export function isGuarded(api: IRestApi): boolean {
  const template = api.node.defaultChild as CfnRestApi | undefined;
  if (!template) return false;
  const { policy, endpointConfiguration } = Stack.of(api).resolve({
    policy: template.policy as unknown,
    endpointConfiguration: template.endpointConfiguration as unknown,
  }) as Record<'policy' | 'endpointConfiguration', unknown>;
  const { types } = recordOf(endpointConfiguration);
  if (Array.isArray(types) && types.includes('PRIVATE')) return true;
  const { Statement: written } = recordOf(policy);
  const statements = Array.isArray(written) ? written.filter(isRecord) : [];
  if (statements.length === 0) return false;
  const denies = statements.some(({ Effect, Condition }) => Effect === 'Deny' && Condition !== undefined);
  return denies || statements.every(({ Effect, Condition }) => Effect === 'Deny' || Condition !== undefined);
}
