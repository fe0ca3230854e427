import { messageOf } from '../../kernel/errors';
import type { LocalContext } from '../../kernel/service';
import { type Notification, testEvent } from './notifications';
import { parseArn } from '../../../../core/arn';

/**
 * Validates the destinations of a bucket as S3 does when they are set: queues get a test event, and a function must let
 * the bucket invoke it.
 * @returns why each that is refused is
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
        // A function gets no test event.
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
