import { sqs } from '../../../core/facts';
import { displayName } from '../../../core/model/display';
import { at, inWords, toBoolean, toNumber, together } from '../../../core/model/select';
import { whyOpen } from '../../each-property';
import { named } from '../../../core/model/references';
import { each, openAmong, type Rule } from '../../rule';

const DEFAULT = sqs.defaultRetention.value;
const DAY = 86_400;

export const queueDeadLetterRetention: Rule = {
  id: 'QueueDeadLetterRetention',
  severity: 'warning',
  title: 'A dead-letter queue keeps messages longer than the queue they come from',
  why: 'A message’s age counts from when it was first sent: one that spent days in the first queue soon expires in the second.',
  fix: `set MessageRetentionPeriod of the dead-letter queue to ${sqs.retention.value.max} (14 days)`,
  source:
    'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html',
  check: each(['AWS::SQS::Queue'], function* (queue, { model }) {
    // In a FIFO queue the age starts over.
    if (toBoolean(at(queue, 'FifoQueue'))) return;
    const open = openAmong(queue, 'FifoQueue');
    for (const target of named(model, at(queue, 'RedrivePolicy.deadLetterTargetArn'))) {
      if (open) {
        yield open;
        return;
      }
      const settings = together({
        own: at(queue, 'MessageRetentionPeriod') ?? DEFAULT,
        target: at(target, 'MessageRetentionPeriod') ?? DEFAULT,
      });
      for (const { values, when } of settings) {
        const [own, kept] = [toNumber(values.own ?? DEFAULT), toNumber(values.target ?? DEFAULT)];
        const property = 'RedrivePolicy.deadLetterTargetArn';
        if (own === undefined || kept === undefined) {
          yield {
            resource: queue,
            property,
            reason: whyOpen(values.own, values.target),
          };
        } else if (kept < own || (kept === own && own < sqs.retention.value.max)) {
          yield {
            resource: queue,
            property,
            message: `keeps messages for ${days(own)}, its dead-letter queue ${displayName(target)} for ${days(kept)}${inWords(when)}`,
          };
        }
      }
    }
  }),
};

function days(seconds: number): string {
  return seconds % DAY === 0 ? `${seconds / DAY} ${seconds === DAY ? 'day' : 'days'}` : `${seconds} seconds`;
}
