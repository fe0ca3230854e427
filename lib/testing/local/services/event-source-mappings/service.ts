import * as facts from '../../../../core/facts/event-source';
import type { Deployed } from '../../kernel/deployment';
import type { FunctionTarget } from '../../lambda/functions';
import { mappingSettings, type MappingSettings } from './settings';
import { QueuePoller } from './queue-poller';
import { StreamPoller } from './stream-poller';
import type { LocalContext, LocalService } from '../../kernel/service';
import type { Queue } from '../sqs/queue';
import { timeoutOf } from '../../lambda/variables';

/** Something that reads a source and calls a function. */
interface Poller {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** What is still to be done; undefined when nothing is. */
  pending(): Promise<string | undefined>;
}

/** Event source mappings of Lambda: queues and streams that call functions, with the function's role. */
export function eventSourceMappings(context: LocalContext): LocalService {
  const pollers: Poller[] = [];

  async function start(): Promise<void> {
    for (const mapping of context.deployment.ofType('AWS::Lambda::EventSourceMapping')) {
      const settings = mappingSettings(mapping);
      const report = (reason: string) =>
        context.unsupported({ resource: mapping.displayName, type: mapping.type, reason });
      if (!settings.enabled) continue;
      const made = make(settings, mapping);
      if (typeof made === 'string') report(`it does not run: ${made}`);
      else {
        pollers.push(made);
      }
    }
  }

  function make(settings: MappingSettings, mapping: Deployed): Poller | string {
    const target = context.functions.target(settings.functionName);
    if (!target) return `its function '${settings.functionName}' is in no template`;
    const service = settings.source.split(':')[2];
    if (service === 'kinesis' || service === 'dynamodb') return streamPoller(target, settings, mapping);
    if (service !== 'sqs') return `the source '${settings.source}' is not run`;
    const queue = context.queues.find(settings.source);
    if (!queue) return `its queue '${settings.source}' is in no template`;
    const refused = refusal(target, queue, settings) ?? denied(target, queue.arn, QUEUE_ACTIONS);
    if (refused) return refused;
    const poller = new QueuePoller(context, queue, target, settings);
    return {
      start: async () => poller.start(),
      stop: async () => poller.stop(),
      pending: async () => (poller.left > 0 ? `${poller.left} messages for ${mapping.displayName}` : undefined),
    };
  }

  function streamPoller(target: FunctionTarget, settings: MappingSettings, mapping: Deployed): Poller | string {
    const table = settings.source.includes(':dynamodb:');
    const refused = denied(target, settings.source, table ? TABLE_ACTIONS : STREAM_ACTIONS);
    if (refused) return refused;
    const poller = new StreamPoller(context, target, settings);
    return {
      start: () => poller.start(),
      stop: () => poller.stop(),
      pending: async () => {
        const left = await poller.left();
        return left > 0 ? `${left} records for ${mapping.displayName}` : undefined;
      },
    };
  }

  /** As on AWS, a mapping is not made when the role of the function may not read its source. */
  function denied({ function: fn }: FunctionTarget, resource: string, actions: readonly string[]): string | undefined {
    for (const action of actions) {
      const denial = context.access.refusal(fn.caller, [{ action, resource }], 'platform');
      if (denial) return denial.message;
    }
    return undefined;
  }

  return {
    resourceTypes: ['AWS::Lambda::EventSourceMapping'],
    start,
    pending: async () =>
      (await Promise.all(pollers.map((poller) => poller.pending()))).filter((one) => one !== undefined),
    begin: async () => void (await Promise.all(pollers.map((poller) => poller.start()))),
    stop: async () => void (await Promise.all(pollers.map((poller) => poller.stop()))),
  };
}

const STREAM_ACTIONS = ['ListShards', 'DescribeStream', 'DescribeStreamSummary', 'GetShardIterator', 'GetRecords'].map(
  (action) => `kinesis:${action}`,
);
const TABLE_ACTIONS = ['DescribeStream', 'GetShardIterator', 'GetRecords', 'ListStreams'].map(
  (action) => `dynamodb:${action}`,
);
const QUEUE_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** What Lambda refuses when a mapping on a queue is made. */
function refusal({ function: fn }: FunctionTarget, queue: Queue, settings: MappingSettings): string | undefined {
  const timeout = timeoutOf(fn.deployed);
  const { visibilityTimeout } = queue.settings;
  const { batchSize = 10, window } = settings;
  const unbatched = facts.queueBatchWithoutWindow.value;
  if (visibilityTimeout < timeout) {
    return `Queue visibility timeout: ${visibilityTimeout} seconds is less than Function timeout: ${timeout} seconds`;
  }
  if (batchSize > unbatched && queue.fifo) return `Batch size must be at most ${unbatched} for a FIFO queue`;
  if (batchSize > unbatched && window < 1) {
    return `Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than ${unbatched}`;
  }
  if (queue.fifo && window > 0) return 'Batching window is not supported for FIFO queues';
  if (settings.filters.length > facts.filtersRaised.value) return 'it has too many filters';
  return undefined;
}
