import { receiveCount } from '../../core/facts/sqs';
import { alarmSettings } from '../alarms/settings-shape';
import type { Check } from '../../core/check/check';
import { oneOf, whole } from '../../core/check/kinds';
import type { Shape } from '../../core/check/shape';
import { maxReceiveAttempts } from './attempts';
import { CHOICE, choiceChecks } from '../../core/event-pattern/choice';
import { HANDLER } from '../handler-settings';
import { MAX_CONCURRENCY, QUEUE_BATCH, queueWorkerChecks } from '../queue-consumption';
import { TOPIC } from '../resource-kinds';
import type { SubscribeProps } from './subscribe-props';

/** Shape of a subscription's props. */
export const SUBSCRIPTION: Shape<SubscribeProps> = {
  handler: HANDLER,
  ...CHOICE,
  buffer: oneOf('queue', 'none'),
  maxAttempts: whole(receiveCount.value),
  replays: oneOf('skip', 'process'),
  batch: QUEUE_BATCH,
  maxConcurrency: MAX_CONCURRENCY,
  alarmTopic: TOPIC,
  alarms: alarmSettings('Subscription'),
};

/** Checks across a subscription's props, with the alarm settings of its hub. */
export function subscriptionChecks(props: SubscribeProps, archived: boolean): Check[] {
  const { buffer = 'queue', maxAttempts, replays, batch, maxConcurrency } = props;
  const most = maxReceiveAttempts(buffer);
  return [
    ...choiceChecks(props),
    ...(buffer === 'queue' ? queueWorkerChecks(props) : []),
    {
      prop: 'maxAttempts',
      value: maxAttempts,
      valid: () => maxAttempts === undefined || maxAttempts <= most,
      rule: "must be at most 3 with 'buffer: none': Lambda invokes a function at most three times per event",
      remedy: "lower it, or keep the queue in between: buffer: 'queue'",
    },
    ...(['batch', 'maxConcurrency'] as const).map((prop) => ({
      prop,
      value: prop === 'batch' ? batch : maxConcurrency,
      valid: () => buffer === 'queue' || (prop === 'batch' ? batch : maxConcurrency) === undefined,
      rule: "must not be given with 'buffer: none', when every event invokes the handler",
      remedy: 'remove one of them',
    })),
    {
      prop: 'replays',
      value: replays,
      valid: () => !archived || replays !== undefined,
      rule: 'must be given when the hub has an archive: a replay delivers events again, with the same ids',
      remedy: "set replays: 'skip', or 'process' if the handler should process them again",
    },
    {
      prop: 'replays',
      value: replays,
      valid: () => archived || replays === undefined,
      rule: 'must not be given when the hub has no archive to replay',
      remedy: "remove it, or give the hub an 'archive'",
    },
  ];
}
