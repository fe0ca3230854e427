import { AwsError } from '../../kernel/aws-errors';
import type { Deployed } from '../../kernel/deployment';
import { text } from '../../kernel/json';
import type { LocalContext, Sender } from '../../kernel/service';

/** What a service does with a key to put something encrypted into a queue. */
const NEEDED = ['kms:GenerateDataKey', 'kms:Decrypt'];

/**
 * Judges whether a service may use the key of a queue that it delivers to. A key that is in no template is not judged.
 * @throws AwsError where the key does not admit it
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function judgeKey(context: LocalContext, queue: Deployed | undefined, sender: Sender): void {
  const given = text(queue?.properties.KmsMasterKeyId);
  if (given === undefined || !('service' in sender)) return;
  const refused = (why: string) =>
    new AwsError('KMS.AccessDeniedException', `${sender.service} may not use ${why}`, 400);
  if (/(?:^|:)alias\/aws\/sqs$/.test(given)) throw refused("the key 'alias/aws/sqs', which admits no service");
  const key = keyOf(context, given);
  if (!key) return;
  for (const action of NEEDED) {
    if (context.access.servicePermitted(sender.service, { action, resource: key.arn }, sender.arn)) continue;
    throw refused(`the key ${key.displayName} of the queue: its policy does not allow ${action}`);
  }
}

/** A key by its id, its ARN or an alias. */
function keyOf({ deployment }: LocalContext, given: string): Deployed | undefined {
  const alias = deployment
    .ofType('AWS::KMS::Alias')
    .find(({ properties }) => given.endsWith(text(properties.AliasName) ?? '\n'));
  const id = alias ? (text(alias.properties.TargetKeyId) ?? '') : given;
  return deployment.ofType('AWS::KMS::Key').find(({ arn, ref }) => id === arn || id === ref || id.endsWith(`/${ref}`));
}
