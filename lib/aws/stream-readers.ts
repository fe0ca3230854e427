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

/** Reads a stream with shared throughput: a Lambda mapping, or a pipe. */
export type StreamReader = CfnEventSourceMapping | CfnPipe;

/** Attached to a stream: a reader, or a registered consumer with dedicated throughput. */
type AtStream = StreamReader | CfnStreamConsumer;

/** The app's mappings and pipes that share a stream's throughput; those reading through a registered consumer do not. */
export function readersOf(source: StreamSource): StreamReader[] {
  return standingAt(source).filter((one) => !CfnStreamConsumer.isCfnStreamConsumer(one)) as StreamReader[];
}

/** The app's enhanced fan-out consumers of a stream. */
export function consumersOf(source: StreamSource): CfnStreamConsumer[] {
  return standingAt(source).filter((one) => CfnStreamConsumer.isCfnStreamConsumer(one));
}

function standingAt(source: StreamSource): AtStream[] {
  const definition = source.node.defaultChild;
  const arn = Stack.of(source).resolve(streamArnOf(source)) as unknown;
  return allBelow(source.node.root).filter((one) => standsAt(one, definition, arn));
}

/** Readers and consumers of an app, collected once during validation, while nothing changes. */
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
 * Reports more readers than a stream's shards can serve, or more consumers than Kinesis registers.
 * @param user the construct that reads it
 * @param prop where its user named the stream
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
      rule: `must have at most ${limit} ${limit === 1 ? 'reader' : 'readers'} per shard in the whole app (${readers.map((reader) => reader.node.path).join(', ')})`,
      remedy,
    },
    {
      prop,
      value: consumers.length,
      valid: () => consumers.length <= most,
      rule: `must have at most ${most} consumers with enhanced fan-out in the whole app`,
      remedy: "leave 'enhancedFanOut' out where a reader can share throughput, or let one reader pass the records on",
    },
  ]).map(({ message }) => `${message} (${user.node.path})`);
}

/**
 * No template shows whether an on-demand stream's account has On-demand Advantage; the rule `KinesisStreamReaders` says
 * so.
 */
function consumerLimit(source: StreamSource): number {
  const { streamMode } = (propertyOf(source, 'streamModeDetails') ?? {}) as { readonly streamMode?: string };
  return (streamMode === 'ON_DEMAND' ? kinesisAdvantageConsumers : kinesisConsumers).value;
}

/** A reader or consumer refers to a construct of this app by reference, and to an import by ARN. */
function standsAt(one: AtStream, definition: IConstruct | undefined, arn: unknown): boolean {
  const named = streamNamed(one);
  if (definition) return targetsOf(one, named).includes(definition);
  return typeof arn === 'string' && named === arn;
}

function streamNamed(one: AtStream): string | undefined {
  if (CfnPipe.isCfnPipe(one)) return one.source;
  return CfnStreamConsumer.isCfnStreamConsumer(one) ? one.streamArn : one.eventSourceArn;
}

/** What readers refer to, and their literal ARNs. */
const targets = new WeakMap<AtStream, { readonly arn?: string; readonly found: IConstruct[] }>();

/** Cached, because every reader is compared with every other one in the app. */
function targetsOf(reader: AtStream, arn: string | undefined): IConstruct[] {
  const known = targets.get(reader);
  if (known !== undefined && known.arn === arn) return known.found;
  const found = referencedBy(reader, arn);
  targets.set(reader, { arn, found });
  return found;
}
