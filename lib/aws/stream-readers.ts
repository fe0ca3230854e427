import { Stack } from 'aws-cdk-lib';
import { CfnStreamConsumer } from 'aws-cdk-lib/aws-kinesis';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { IConstruct } from 'constructs';
import { failuresOf } from '../core/check/check';
import { kinesisAdvantageConsumers, kinesisConsumers } from '../core/facts/streams';
import { propertyOf } from './access/target';
import { referencedBy } from './references';
import { readerLimit, streamArnOf, type StreamSource } from './stream-source';

/** What reads a stream with the throughput that all share: a mapping of Lambda, or a pipe. */
export type StreamReader = CfnEventSourceMapping | CfnPipe;

/** What stands at a stream: a reader, or a consumer by which one reads that has throughput of its own. */
type AtStream = StreamReader | CfnStreamConsumer;

/** The mappings and pipes of the whole app that share the throughput of a stream: those that read by a consumer do not. */
export function readersOf(source: StreamSource): StreamReader[] {
  return standingAt(source).filter((one) => !CfnStreamConsumer.isCfnStreamConsumer(one)) as StreamReader[];
}

/** The consumers with enhanced fan-out that the whole app makes of a stream. */
export function consumersOf(source: StreamSource): CfnStreamConsumer[] {
  return standingAt(source).filter((one) => CfnStreamConsumer.isCfnStreamConsumer(one));
}

function standingAt(source: StreamSource): AtStream[] {
  const definition = source.node.defaultChild;
  const arn = Stack.of(source).resolve(streamArnOf(source)) as unknown;
  return allBelow(source.node.root).filter((one) => standsAt(one, definition, arn));
}

/** The readers and consumers of an app, looked for once while its constructs are validated, which nothing interrupts. */
const found = new WeakMap<IConstruct, readonly AtStream[]>();

function allBelow(root: IConstruct): readonly AtStream[] {
  const known = found.get(root);
  if (known) return known;
  const all = root.node
    .findAll()
    .filter(
      (node): node is AtStream =>
        CfnEventSourceMapping.isCfnEventSourceMapping(node) ||
        CfnPipe.isCfnPipe(node) ||
        CfnStreamConsumer.isCfnStreamConsumer(node),
    );
  found.set(root, all);
  queueMicrotask(() => found.delete(root));
  return all;
}

/**
 * What is wrong where more read a stream than its shards serve, or where it has more consumers than Kinesis registers.
 * @param user the construct that reads it
 * @param prop in which its user named the stream
 */
export function tooManyReaders(user: IConstruct, prop: string, source: StreamSource, remedy: string): string[] {
  const readers = readersOf(source);
  const limit = readerLimit(source);
  const consumers = consumersOf(source);
  const most = consumerLimit(source);
  return failuresOf([
    {
      prop,
      value: readers.length,
      valid: () => readers.length <= limit,
      rule: `must have at most ${limit} readers a shard in the whole app (${readers.map((reader) => reader.node.path).join(', ')})`,
      remedy,
    },
    {
      prop,
      value: consumers.length,
      valid: () => consumers.length <= most,
      rule: `must have at most ${most} consumers with enhanced fan-out in the whole app`,
      remedy: "leave 'enhancedFanOut' out where a reader may wait for others, or let one reader pass the records on",
    },
  ]).map(({ message }) => `${message} (${user.node.path})`);
}

/** Whether the account of an on-demand stream has On-demand Advantage, no template tells: the rule `KinesisStreamReaders` says so. */
function consumerLimit(source: StreamSource): number {
  const { streamMode } = (propertyOf(source, 'streamModeDetails') ?? {}) as { readonly streamMode?: string };
  return (streamMode === 'ON_DEMAND' ? kinesisAdvantageConsumers : kinesisConsumers).value;
}

/** A reader or consumer names what this app makes by a reference, and what it imports by its ARN. */
function standsAt(one: AtStream, definition: IConstruct | undefined, arn: unknown): boolean {
  const named = streamNamed(one);
  if (definition) return targetsOf(one, named).includes(definition);
  return typeof arn === 'string' && named === arn;
}

function streamNamed(one: AtStream): string | undefined {
  if (CfnPipe.isCfnPipe(one)) return one.source;
  return CfnStreamConsumer.isCfnStreamConsumer(one) ? one.streamArn : one.eventSourceArn;
}

/** What readers refer to, with the ARN by which they do. */
const targets = new WeakMap<AtStream, { readonly arn?: string; readonly found: IConstruct[] }>();

/** Looked up once, because each reader of an app asks about every other of it. */
function targetsOf(reader: AtStream, arn: string | undefined): IConstruct[] {
  const known = targets.get(reader);
  if (known !== undefined && known.arn === arn) return known.found;
  const found = referencedBy(reader, arn);
  targets.set(reader, { arn, found });
  return found;
}
