import { jsonResponse } from '../../kernel/aws-errors';
import type { Call } from '../../kernel/call';
import type { Need } from '../../kernel/judge';
import { records, text, texts } from '../../kernel/json';
import type { LocalContext, LocalService } from '../../kernel/service';
import { SecretOperations } from './operations';
import { SECRET, Secrets } from './secrets';
import { READS } from '../../kernel/kept-resources';
import { CONSTRAINTS } from './constraints';

/** Operations on a single secret. */
const ON_ONE = [
  'GetSecretValue',
  'PutSecretValue',
  'UpdateSecret',
  'DescribeSecret',
  'DeleteSecret',
  'RestoreSecret',
  'ListSecretVersionIds',
  'UpdateSecretVersionStage',
  'TagResource',
  'UntagResource',
];
const ON_ALL = ['ListSecrets', 'GetRandomPassword'];

/** AWS Secrets Manager: secrets provided by the user, generated from the templates, or written by handlers. */
export function secrets(context: LocalContext): LocalService {
  const all = new Secrets(context);
  const operations = new SecretOperations(all, (resource) => context.arn('secretsmanager', resource));

  function needs({ operation, input }: Call): readonly Need[] | undefined {
    const on = (id: string, name = operation): Need => ({
      action: `secretsmanager:${name}`,
      resource:
        all.find(id)?.arn ?? (id.startsWith('arn:') ? id : context.arn('secretsmanager', `secret:${id}-??????`)),
      context: { 'secretsmanager:SecretId': id },
    });
    if (ON_ONE.includes(operation)) return [on(text(input.SecretId) ?? '')];
    if (ON_ALL.includes(operation)) return [{ action: `secretsmanager:${operation}`, resource: '*' }];
    if (operation === 'CreateSecret') {
      const name = text(input.Name) ?? '';
      const created = { ...on(name), context: { 'secretsmanager:Name': name } };
      return [created, ...(records(input.Tags).length > 0 ? [on(name, 'TagResource')] : [])];
    }
    // Supported with an id list only, not with filters.
    if (operation !== 'BatchGetSecretValue' || input.Filters !== undefined) return undefined;
    const each = texts(input.SecretIdList).map((id) => on(id, 'GetSecretValue'));
    return [{ action: 'secretsmanager:BatchGetSecretValue', resource: '*' }, ...each];
  }

  return {
    resourceTypes: [SECRET, 'AWS::SecretsManager::ResourcePolicy'],
    api: {
      signingNames: ['secretsmanager'],
      protocol: 'json',
      constraints: CONSTRAINTS,
      denial: { code: 'AccessDeniedException', status: 400 },
      needs,
      handle: async (call) => {
        const answer = operations.answer(call);
        if (!READS.test(call.operation)) all.save();
        return jsonResponse(answer);
      },
    },
    start: async () => all.start(),
    make: (one) => {
      if (one.type !== SECRET) return;
      all.make(one);
      all.save();
    },
  };
}
