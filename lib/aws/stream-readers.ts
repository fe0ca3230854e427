import { Stack } from 'aws-cdk-lib';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { IConstruct } from 'constructs';
import { failuresOf } from '../core/check/check';
import { referencedBy } from './references';
import { readerLimit, streamArnOf, type StreamSource } from './stream-source';

/** What reads a stream: a mapping of Lambda, or a pipe. */
export type StreamReader = CfnEventSourceMapping | CfnPipe;

/** The mappings and pipes of the whole app that read a stream. */
export function readersOf(source: StreamSource): StreamReader[] {
  const definition = source.node.defaultChild;
  const arn = Stack.of(source).resolve(streamArnOf(source)) as unknown;
  return readersBelow(source.node.root).filter((reader) => isReader(reader, definition, arn));
}

/** The readers of an app, looked for once while its constructs are validated, which nothing interrupts. */
const found = new WeakMap<IConstruct, readonly StreamReader[]>();

function readersBelow(root: IConstruct): readonly StreamReader[] {
  const known = found.get(root);
  if (known) return known;
  const readers = root.node
    .findAll()
    .filter(
      (node): node is StreamReader => CfnEventSourceMapping.isCfnEventSourceMapping(node) || CfnPipe.isCfnPipe(node),
    );
  found.set(root, readers);
  queueMicrotask(() => found.delete(root));
  return readers;
}

/**
 * What is wrong where more read a stream than its shards serve.
 * @param user the construct that reads it
 * @param prop in which its user named the stream
 */
export function tooManyReaders(user: IConstruct, prop: string, source: StreamSource, remedy: string): string[] {
  const readers = readersOf(source);
  const limit = readerLimit(source);
  return failuresOf([
    {
      prop,
      value: readers.length,
      valid: () => readers.length <= limit,
      rule: `must have at most ${limit} readers a shard in the whole app (${readers.map((reader) => reader.node.path).join(', ')})`,
      remedy,
    },
  ]).map(({ message }) => `${message} (${user.node.path})`);
}

/** A reader names what this app makes by a reference, and what it imports by its ARN. */
function isReader(reader: StreamReader, definition: IConstruct | undefined, arn: unknown): boolean {
  const named = CfnPipe.isCfnPipe(reader) ? reader.source : reader.eventSourceArn;
  if (definition) return targetsOf(reader, named).includes(definition);
  return typeof arn === 'string' && named === arn;
}

/** What readers refer to, with the ARN by which they do. */
const targets = new WeakMap<StreamReader, { readonly arn?: string; readonly found: IConstruct[] }>();

/** Looked up once, because each reader of an app asks about every other of it. */
function targetsOf(reader: StreamReader, arn: string | undefined): IConstruct[] {
  const known = targets.get(reader);
  if (known !== undefined && known.arn === arn) return known.found;
  const found = referencedBy(reader, arn);
  targets.set(reader, { arn, found });
  return found;
}
