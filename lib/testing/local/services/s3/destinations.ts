import { messageOf } from '../../kernel/errors';
import type { LocalContext } from '../../kernel/service';
import { type Notification, testEvent } from './notifications';
import { parseArn } from '../../../../core/arn';

/**
 * Validates a bucket's notification destinations as S3 does on configuration: queues get a test event, and a function
 * must let the bucket invoke it.
 * @returns the reason for each rejected one
 */
export async function refusedDestinations(
  context: LocalContext,
  bucket: string,
  notifications: readonly Notification[],
): Promise<readonly string[]> {
  const sender = { service: 's3.amazonaws.com', arn: `arn:aws:s3:::${bucket}` };
  const payload = testEvent(bucket);
  const refusals = await Promise.all(
    notifications.map(async ({ target }) => {
      try {
        if (!context.reaches(target)) return `'${target}' is not run`;
        // Functions get no test event.
        if (!isFunction(target)) await context.deliver({ target, payload, sender });
        else context.judgeDelivery(sender, { action: 'lambda:InvokeFunction', resource: target });
        return undefined;
      } catch (error) {
        return messageOf(error);
      }
    }),
  );
  return refusals.filter((refusal) => refusal !== undefined);
}

function isFunction(arn: string): boolean {
  return parseArn(arn)?.service === 'lambda';
}
