import {
  CONNECTION_KEY_TAG,
  ENCRYPTED_BY_SERVICE,
  type EncryptedByService,
  isKeyOfAws,
} from '../../../core/iam/key-uses';
import type { Deployed } from './deployment';
import { encryptionConditions, keyNamed, textAt } from './encryption-key';
import { text } from './json';
import { foreignKey } from './role-keys';
import type { LocalContext } from './service';
import { tagsOf } from './tags';
import type { Unsupported } from './unsupported';

const CONNECTION = 'AWS::Events::Connection';

/** Resources whose key their service may not use, such as a bus or a log group: AWS refuses to create them. */
export function keysWithoutService(context: LocalContext): readonly Unsupported[] {
  const { deployment } = context;
  const listed = (resource: Deployed, reason: string | undefined) =>
    reason === undefined ? [] : [{ resource: resource.displayName, type: resource.type, reason }];
  return [
    ...deployment
      .ofType(...Object.keys(ENCRYPTED_BY_SERVICE))
      .flatMap((resource) => listed(resource, serviceKeyFault(context, resource))),
    ...deployment.ofType(CONNECTION).flatMap((resource) => listed(resource, connectionFault(context, resource))),
  ];
}

/** Why the service of a resource cannot use its key; undefined if it can, or if there is none. */
export function serviceKeyFault(
  { access, deployment }: LocalContext,
  resource: Pick<Deployed, 'type' | 'arn' | 'properties' | 'region'>,
): string | undefined {
  const use = ENCRYPTED_BY_SERVICE[resource.type];
  const given = use && textAt(resource.properties, use.keyAt, resource.region);
  if (!use || given === undefined || isKeyOfAws(given)) return undefined;
  const key = keyNamed(deployment, given);
  if (!key) return `its key '${given}' is in no template: whether its service may use the key is not checked`;
  const arn = arnIn(use, resource).replace(/:\*$/, '');
  const [service = '', ...others] = use.services(resource.region);
  const context = encryptionConditions({ [use.context]: arn });
  const admits = (one: string, action: string) =>
    access.servicePermitted(one, { action, resource: key.arn, ...(context && { context }) }, arn);
  const missing = use.actions.find((action) => ![service, ...others].some((one) => admits(one, action)));
  return (
    missing &&
    `the policy of its key ${key.displayName} does not allow ${missing} to ${service}: AWS refuses ${use.refuses ?? 'to create it'}`
  );
}

/** The ARN in the encryption context, which AWS also sends as the source. */
function arnIn({ arnAt }: EncryptedByService, { arn, properties }: Pick<Deployed, 'arn' | 'properties'>): string {
  return arnAt === undefined ? arn : (text(properties[arnAt]) ?? arn);
}

/** EventBridge uses a key for a connection only if the key has a certain tag. */
function connectionFault(context: LocalContext, { properties }: Deployed): string | undefined {
  const given = text(properties.KmsKeyIdentifier);
  if (given === undefined) return undefined;
  if (foreignKey(context, given) !== undefined)
    return `its key '${given}' is in no template: whether EventBridge may use the key is not checked`;
  const key = keyNamed(context.deployment, given);
  if (!key || tagsOf(context.deployment, key).some(([name, value]) => name === CONNECTION_KEY_TAG && value === 'true'))
    return undefined;
  return `its key ${key.displayName} lacks the tag '${CONNECTION_KEY_TAG}: true', without which EventBridge does not use it`;
}
