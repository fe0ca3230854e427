import { isKeyOfAws } from '../../../core/iam/key-uses';
import type { Deployed } from './deployment';
import { keyNamed } from './encryption-key';
import { text } from './json';
import type { LocalContext } from './service';
import type { Unsupported } from './unsupported';

/** A resource that a service encrypts in its own name, whoever uses it. */
interface OwnUse {
  /** The property that names the key. */
  readonly keyAt: string;
  /** What the service calls itself; any of them suffices. */
  readonly services: (region: string) => readonly string[];
  readonly actions: readonly string[];
  /** The name under which the encryption context holds the ARN of the resource. */
  readonly context: string;
}

/**
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
const OWN_USES: Readonly<Record<string, OwnUse>> = {
  'AWS::Events::EventBus': {
    keyAt: 'KmsKeyIdentifier',
    services: () => ['events.amazonaws.com'],
    actions: ['kms:DescribeKey', 'kms:GenerateDataKey', 'kms:Decrypt'],
    context: 'aws:events:event-bus:arn',
  },
  'AWS::Logs::LogGroup': {
    keyAt: 'KmsKeyId',
    services: (region) => [`logs.${region}.amazonaws.com`, 'logs.amazonaws.com'],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'],
    context: 'aws:logs:arn',
  },
};

/** Buses and log groups whose key does not admit the service that encrypts them: AWS does not make them so. */
export function keysWithoutService(context: LocalContext): readonly Unsupported[] {
  return context.deployment.ofType(...Object.keys(OWN_USES)).flatMap((resource) => {
    const reason = fault(context, resource, OWN_USES[resource.type]!);
    return reason === undefined ? [] : [{ resource: resource.displayName, type: resource.type, reason }];
  });
}

function fault({ access, deployment }: LocalContext, resource: Deployed, use: OwnUse): string | undefined {
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
