import { sqs } from '../../../core/facts';
import { eachProperty } from '../../each-property';
import { mappingsFrom } from '../../lookups/functions';
import { numbers, type Rule } from '../../rule';

const ADVISED = sqs.advisedReceiveCount.value;

export const queueReceiveCount: Rule = {
  id: 'QueueReceiveCount',
  severity: 'warning',
  title: `A message that a function reads has at least ${ADVISED} attempts`,
  why: 'A throttled attempt counts as a receive: with few of them, good messages end in the dead-letter queue under load.',
  fix: `set RedrivePolicy.maxReceiveCount to at least ${ADVISED}`,
  source: sqs.advisedReceiveCount.source,
  check: eachProperty(['AWS::SQS::Queue'], 'RedrivePolicy.maxReceiveCount', numbers, (count, queue, { model }) =>
    count < ADVISED && (count === 1 || mappingsFrom(model, queue).length > 0)
      ? count === 1
        ? 'gives a message one attempt: viewing it in the console uses that up'
        : `gives a message ${count} attempts, fewer than ${ADVISED}`
      : undefined,
  ),
};
