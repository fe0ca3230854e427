import { ENCRYPTED_BY_SERVICE, type EncryptedByService, isKeyOfAws } from '../../../core/iam/key-uses';
import type { Deployed } from './deployment';
import { keyNamed } from './encryption-key';
import { text } from './json';
import type { LocalContext } from './service';
import type { Unsupported } from './unsupported';

/** Buses and log groups whose key does not admit the service that encrypts them: AWS refuses to create them. */
export function keysWithoutService(context: LocalContext): readonly Unsupported[] {
  return context.deployment.ofType(...Object.keys(ENCRYPTED_BY_SERVICE)).flatMap((resource) => {
    const reason = fault(context, resource, ENCRYPTED_BY_SERVICE[resource.type]!);
    return reason === undefined ? [] : [{ resource: resource.displayName, type: resource.type, reason }];
  });
}

function fault({ access, deployment }: LocalContext, resource: Deployed, use: EncryptedByService): string | undefined {
  const given = text(resource.properties[use.keyAt]);
  if (given === undefined || isKeyOfAws(given)) return undefined;
  const key = keyNamed(deployment, given);
  if (!key) return `its key '${given}' is in no template: whether its service may use the key is not judged`;
  const arn = resource.arn.replace(/:\*$/, '');
  const [service = '', ...others] = use.services(resource.region);
  const context = { [`kms:EncryptionContext:${use.context}`]: arn };
  const admits = (one: string, action: string) =>
    access.servicePermitted(one, { action, resource: key.arn, context }, arn);
  const missing = use.actions.find((action) => ![service, ...others].some((one) => admits(one, action)));
  return (
    missing && `the policy of its key ${key.displayName} does not allow ${missing} to ${service}: on AWS it is not made`
  );
}
