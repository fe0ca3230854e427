import { Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { AccessStatement } from './capability';
import { isOwn, type Target, throughPolicyOf } from './target';

/**
 * What a capability needs of its resource's key: the key's actions, only through the resource's service.
 * Nothing for AWS keys, whose own policies admit callers of the account.
 * @param key the resource's customer-managed key, if it has one
 * @param service the service as kms:ViaService names it: `sqs`
 * A key known only by an alias is granted through that alias: a policy that names an alias's ARN allows nothing.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function throughService(key: IKey | undefined, service: string, actions: readonly string[]): AccessStatement[] {
  if (key === undefined || key.keyArn.includes(':alias/aws/')) return [];
  const through = { StringEquals: { 'kms:ViaService': `${service}.${key.env.region}.amazonaws.com` } };
  const [account, alias] = key.keyArn.split(':alias/');
  if (alias === undefined) return [{ actions, resources: [key.keyArn], conditions: through, of: () => targetOf(key) }];
  return [
    {
      actions,
      resources: [`${account}:key/*`],
      conditions: { ...through, 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': `alias/${alias}` } },
      wildcard: 'IAM knows keys by their ids; which one has the alias is asked by kms:ResourceAliases',
    },
  ];
}

/** Key ids are generated at deployment: across environments all keys of the account are named, and the key's policy decides. */
function targetOf(key: IKey): Target {
  const { account, region } = key.env;
  const keys = Stack.of(key).formatArn({ service: 'kms', account, region, resource: 'key', resourceName: '*' });
  return {
    what: 'a key',
    resource: key,
    place: key.env,
    ownArns: ['*'],
    ...(isOwn(key) && {
      foreignArns: { resources: [keys], wildcard: 'The id of a key of another environment is known only there' },
    }),
    admit: throughPolicyOf(key),
  };
}

/** The key of a resource whose interface does not expose it: an imported parameter, a table of either version. */
export function keyOf(resource: object): IKey | undefined {
  return (resource as { readonly encryptionKey?: IKey }).encryptionKey;
}

/** What a reader of encrypted data needs. */
export const DECRYPT = ['kms:Decrypt'];

/** What a writer of encrypted data needs: a data key, and decryption to verify or complete a write. */
export const ENCRYPT = ['kms:GenerateDataKey', 'kms:Decrypt'];
