import { Stack } from 'aws-cdk-lib';
import { CfnGlobalTable, type ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { globalTableStreamReaders, kinesisReadsPerShard, tableStreamReaders } from '../core/facts/streams';
import { POLLERS } from '../core/iam/platform-actions';
import type { AccessStatement } from './access/capability';
import { DECRYPT, throughService } from './access/encryption';
import { referencedBy } from './references';

/** Where records come from: a Kinesis stream, or a table that has a stream. */
export type StreamSource = IStream | ITable;

/** Whether records come from a table's stream. */
export function isTable(source: StreamSource): source is ITable {
  return typeof source === 'object' && 'tableArn' in source;
}

/** ARN of the stream; undefined for a table without one. */
export function streamArnOf(source: StreamSource): string | undefined {
  if (!isTable(source)) return source.streamArn;
  const table = source.node.defaultChild;
  // A TableV2 names the ARN of a stream whether it has one or not.
  const without = CfnGlobalTable.isCfnGlobalTable(table) && settled(table, table.streamSpecification) === undefined;
  return without ? undefined : source.tableStreamArn;
}

/** What Lambda needs, in the function's name, to read a stream. */
export function readStatements(source: StreamSource): AccessStatement[] {
  if (!isTable(source)) {
    return [
      { actions: POLLERS.stream.granted, resources: [source.streamArn] },
      ...throughService(source.encryptionKey, 'kinesis', DECRYPT),
    ];
  }
  const ofOneStream = POLLERS.tableStream.granted.filter((action) => action !== LIST_STREAMS);
  return [
    { actions: ofOneStream, resources: [source.tableStreamArn!] },
    {
      actions: [LIST_STREAMS],
      resources: [`${source.tableArn}/stream/*`],
      wildcard: 'ListStreams is asked for all streams of a table, which are named by the time of their making',
    },
    ...throughService(source.encryptionKey, 'dynamodb', DECRYPT),
  ];
}

const LIST_STREAMS = 'dynamodb:ListStreams';

/** How many mappings may read one stream before its readers are throttled. */
export function readerLimit(source: StreamSource): number {
  if (!isTable(source)) return kinesisReadsPerShard.value;
  const table = source.node.defaultChild;
  const replicas = CfnGlobalTable.isCfnGlobalTable(table) ? settled(table, table.replicas) : [];
  return Array.isArray(replicas) && replicas.length > 1 ? globalTableStreamReaders.value : tableStreamReaders.value;
}

/** The mappings of the whole app that read a stream. */
export function readersOf(source: StreamSource): CfnEventSourceMapping[] {
  const definition = source.node.defaultChild;
  const arn = Stack.of(source).resolve(streamArnOf(source));
  return source.node.root.node
    .findAll()
    .filter(CfnEventSourceMapping.isCfnEventSourceMapping)
    .filter((mapping) => reads(mapping, definition, arn));
}

/** A mapping names what this app makes by a reference, and what it imports by its ARN. */
function reads(mapping: CfnEventSourceMapping, definition: IConstruct | undefined, arn: unknown): boolean {
  if (definition) return targetsOf(mapping).includes(definition);
  return typeof arn === 'string' && mapping.eventSourceArn === arn;
}

/** What mappings refer to, with the ARN by which they do. */
const targets = new WeakMap<CfnEventSourceMapping, { readonly arn?: string; readonly found: IConstruct[] }>();

/** Looked up once, because each reader of an app asks about every mapping of it. */
function targetsOf(mapping: CfnEventSourceMapping): IConstruct[] {
  const arn = mapping.eventSourceArn;
  const known = targets.get(mapping);
  if (known !== undefined && known.arn === arn) return known.found;
  const found = referencedBy(mapping, arn);
  targets.set(mapping, { arn, found });
  return found;
}

/** A property of an L1 that its L2 may give as a promise of the value at the end. */
function settled(construct: IConstruct, value: unknown): unknown {
  return Stack.of(construct).resolve(value);
}
