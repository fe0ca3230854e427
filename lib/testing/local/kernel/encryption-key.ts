import { AwsError } from './aws-errors';
import type { Caller } from './caller';
import type { Deployed } from './deployment';
import { text } from './json';
import type { LocalContext, Sender } from './service';

/** What is done with the key of a queue or a topic to put something encrypted into it. */
const NEEDED = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** The key of a queue or a topic. */
export interface EncryptionKey {
  /** As the resource has it: an id, an ARN or an alias; undefined where it has none. */
  readonly given: string | undefined;
  /** The service of the resource, as `kms:ViaService` has it. */
  readonly service: 'sqs' | 'sns';
  /** What the resource is, for the message. */
  readonly of: 'queue' | 'topic';
  /** The name of the error, as the service has it. */
  readonly code: string;
}

/**
 * Judges whether a service may use the key of what it delivers to. A key that is in no template is not judged.
 * @throws AwsError where the key does not admit it
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function judgeKey(context: LocalContext, { given, service, of, code }: EncryptionKey, sender: Sender): void {
  if (given === undefined || !('service' in sender)) return;
  const refused = (why: string) => new AwsError(code, `${sender.service} may not use ${why}`, 400);
  if (new RegExp(`(?:^|:)alias/aws/${service}$`).test(given))
    throw refused(`the key 'alias/aws/${service}', which admits no service`);
  const key = keyOf(context, given);
  if (!key) return;
  for (const action of NEEDED) {
    if (context.access.servicePermitted(sender.service, { action, resource: key.arn }, sender.arn)) continue;
    throw refused(`the key ${key.displayName} of the ${of}: its policy does not allow ${action}`);
  }
}

/**
 * Judges whether a role may use a key through a service. Its own policy is not enough: that of the key must name the account
 * or the role, too.
 * @param by whether its code calls, or a service in its name
 * @throws AwsError where either does not admit it
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 */
export function judgeKeyOfCaller(
  context: LocalContext,
  { given, service, of, code }: EncryptionKey,
  caller: Caller,
  by: 'code' | 'platform',
): void {
  const key = given === undefined ? undefined : keyOf(context, given);
  if (!key || caller.policies === 'everything') return;
  const via = { 'kms:ViaService': `${service}.${context.region}.amazonaws.com` };
  const needs = NEEDED.map((action) => ({ action, resource: key.arn, context: via }));
  const account = `arn:aws:iam::${context.account}:root`;
  for (const need of needs) {
    if ([account, caller.arn].some((who) => context.access.servicePermitted(who, need, key.arn))) continue;
    const why = `its policy names neither the account nor the role for ${need.action}`;
    throw new AwsError(code, `${caller.arn} may not use the key ${key.displayName} of the ${of}: ${why}`, 400);
  }
  const denial = context.access.refusal(caller, needs, by);
  if (denial) throw new AwsError(code, denial.message, 400);
}

/** A key by its id, its ARN or an alias. */
function keyOf({ deployment }: LocalContext, given: string): Deployed | undefined {
  const alias = deployment
    .ofType('AWS::KMS::Alias')
    .find(({ properties }) => given.endsWith(text(properties.AliasName) ?? '\n'));
  const id = alias ? (text(alias.properties.TargetKeyId) ?? '') : given;
  return deployment.ofType('AWS::KMS::Key').find(({ arn, ref }) => id === arn || id === ref || id.endsWith(`/${ref}`));
}
