import { readFileSync } from 'node:fs';
import {
  cloudflare,
  dynamoDb,
  eventSource,
  events,
  lambda,
  sns,
  sqs,
  stepFunctions,
  streams,
  type Fact,
  type Range,
} from '../../../lib/core/facts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KIB = 1024;

const most = ({ value }: Fact<Range>, unit = 1) => (value.max / unit).toLocaleString('en');
const least = ({ value }: Fact<Range>, unit = 1) => (value.min / unit).toLocaleString('en');
const range = (fact: Fact<Range>, unit = 1) => `${least(fact, unit)} to ${most(fact, unit)}`;

/** Comments, of which an editor shows these numbers to a user, cannot be built from the facts: they say what the facts say. */
test.each([
  [
    'lib/aws/stream-mapping.ts',
    `Most records per invocation: ${range(eventSource.streamBatch)}; at most ${lambda.synchronousPayload.value / KIB ** 2} MB`,
  ],
  [
    'lib/aws/stream-mapping.ts',
    `How long to gather records for one invocation: ${range(eventSource.batchWindow, MINUTE)} minutes`,
  ],
  ['lib/aws/stream-processor-props.ts', `keeps a record: ${range(streams.kinesisRetention, 24)} days`],
  [
    'lib/aws/stream-processor-props.ts',
    `${least(eventSource.streamRecordAge, MINUTE)} minute to ${most(eventSource.streamRecordAge, DAY)} days`,
  ],
  ['lib/aws/stream-processor-props.ts', `tumbling window, up to ${most(eventSource.tumblingWindow, MINUTE)} minutes`],
  [
    'lib/aws/queue-consumption.ts',
    `How long to gather messages for one invocation: ${range(eventSource.batchWindow, MINUTE)} minutes`,
  ],
  ['lib/aws/queue-consumption.ts', `always running: ${range(eventSource.minimumPollers)}`],
  ['lib/aws/work-queue-props.ts', `gathers a batch: ${range(eventSource.batchWindow, MINUTE)} minutes`],
  ['lib/aws/work-queue-props.ts', `stays hidden, ${range(sqs.visibilityTimeout, HOUR)} hours`],
  ['lib/aws/work-queue-props.ts', `Receives of a message, ${least(sqs.receiveCount)} to ${sqs.receiveCount.value.max}`],
  ['lib/aws/work-queue-props.ts', `Below ${sqs.advisedReceiveCount.value},`],
  ['lib/aws/work-queue-props.ts', `no duplicates within ${sns.deduplicationInterval.value / MINUTE} minutes`],
  ['lib/aws/work-queue-props.ts', `retention (${most(sqs.retention, DAY)} days)`],
  ['lib/aws/work-queue-props.ts', `before it can be received: ${range(sqs.delay, MINUTE)} minutes`],
  [
    'lib/aws/work-queue-props.ts',
    `attributes included: ${least(sqs.messageSize, KIB)} KiB to ${most(sqs.messageSize, KIB ** 2)} MiB`,
  ],
  ['patterns/aws/queue-worker.ts', `less than the ${most(sqs.retention, DAY)} days of its dead-letter queue`],
  ['patterns/aws/queue-worker.ts', `before the handler gets it: ${range(sqs.delay, MINUTE)} minutes`],
  [
    'patterns/aws/queue-worker.ts',
    `attributes included: ${least(sqs.messageSize, KIB)} KiB to ${most(sqs.messageSize, KIB ** 2)} MiB`,
  ],
  [
    'patterns/aws/webhook-receiver.ts',
    `Largest request: ${least(sqs.messageSize, KIB)} KiB to ${most(sqs.messageSize, KIB ** 2)} MiB`,
  ],
  [
    'patterns/aws/scheduled-job.ts',
    `within this window: ${least(events.flexibleWindow)} minute to ${most(events.flexibleWindow, 60)} hours`,
  ],
  ['patterns/aws/event-hub.ts', `the bus takes ${events.entrySize.value / KIB ** 2} MiB`],
  ['lib/aws/event-store/store-props.ts', `too large for a ${dynamoDb.itemSize.value / KIB} KB item`],
  ['lib/aws/entity-table.ts', `recovery over ${most(dynamoDb.recoveryPeriod)} days`],
  ['lib/aws/saga/steps.ts', `Concurrent items: 1 to ${stepFunctions.inlineMapConcurrency.value}`],
  [
    'lib/aws/database/database-props.ts',
    `Time limit for all of them, 1 to ${most(lambda.functionTimeout, MINUTE)} minutes`,
  ],
  ['lib/aws/saga/claims/fitting.ts', `for ${stepFunctions.historyRetention.value} days`],
  [
    'lib/runtime/replay/replay.ts',
    `up to ${stepFunctions.executionName.value} letters, digits, \`-\` and \`_\`. A name used in the last ${stepFunctions.historyRetention.value} days`,
  ],
  ['lib/runtime/replay/replay.ts', `for ${stepFunctions.redrivePeriod.value} days`],
  ['lib/runtime/saga.ts', `for ${stepFunctions.historyRetention.value} days`],
  ['lib/edge/worker.ts', `at most ${cloudflare.nameLength.value} characters`],
  ['lib/edge/pool/origin.ts', `at most ${cloudflare.originNameLength.value} bytes`],
  ['lib/edge/queue.ts', `longest retention: ${most(cloudflare.queueRetention, DAY)} days`],
  ['patterns/edge/edge-store.ts', `up to ${cloudflare.storeValueSize.value / KIB ** 2} MiB`],
  ['patterns/edge/edge-database.ts', `restored to it within ${cloudflare.databaseRecovery.value} days`],
])('%s says what the facts say: %s', (file, sentence) => {
  const prose = readFileSync(file, 'utf8').replace(/\s*\n\s*(?:\*|\/\/) ?/g, ' ');
  expect(prose).toContain(sentence);
});
