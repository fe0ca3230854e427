import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnStreamConsumer } from 'aws-cdk-lib/aws-kinesis';
import type { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
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

/** A reader or consumer refers to a construct of this app by reference, and to an import by ARN. */
function standingAt(source: StreamSource): readonly AtStream[] {
  const stream = source.node.defaultChild ?? (Stack.of(source).resolve(streamArnOf(source)) as unknown);
  return allBelow(source.node.root).get(stream) ?? [];
}

/** Readers and consumers of an app by what they refer to, collected once during validation, while nothing changes. */
const found = new WeakMap<IConstruct, ReadonlyMap<unknown, readonly AtStream[]>>();

function allBelow(root: IConstruct): ReadonlyMap<unknown, readonly AtStream[]> {
  const known = found.get(root);
  if (known) return known;
  const all = new Map<unknown, AtStream[]>();
  for (const node of root.node.findAll()) {
    if (!isAtStream(node)) continue;
    const arn = streamNamed(node);
    if (arn === undefined) continue;
    for (const stream of new Set([arn, ...referencedBy(node, arn)]))
      all.set(stream, [...(all.get(stream) ?? []), node]);
  }
  found.set(root, all);
  queueMicrotask(() => found.delete(root));
  return all;
}

const AT_STREAMS = ['AWS::Lambda::EventSourceMapping', 'AWS::Pipes::Pipe', 'AWS::Kinesis::StreamConsumer'];

function isAtStream(node: IConstruct): node is AtStream {
  return CfnResource.isCfnResource(node) && AT_STREAMS.includes(node.cfnResourceType);
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

function streamNamed(one: AtStream): string | undefined {
  if (CfnPipe.isCfnPipe(one)) return one.source;
  return CfnStreamConsumer.isCfnStreamConsumer(one) ? one.streamArn : one.eventSourceArn;
}
