import { Stack } from 'aws-cdk-lib';
import { CfnGlobalTable, type ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream, IStreamConsumer } from 'aws-cdk-lib/aws-kinesis';
import type { IConstruct } from 'constructs';
import { globalTableStreamReaders, kinesisReadsPerShard, tableStreamReaders } from '../core/facts/streams';
import { POLLERS } from '../core/iam/platform-actions';
import type { AccessStatement } from './access/capability';
import { DECRYPT, throughService } from './access/encryption';
import { isOwn, type Target } from './access/target';
import { streamTarget } from './access/targets';

/** A source of records: a Kinesis stream, or a table with a stream. */
export type StreamSource = IStream | ITable;

/** Whether records come from a table's stream. */
export function isTable(source: StreamSource): source is ITable {
  return typeof source === 'object' && 'tableArn' in source;
}

/** ARN of the stream; undefined for a table without one. */
export function streamArnOf(source: StreamSource): string | undefined {
  if (!isTable(source)) return source.streamArn;
  const table = source.node.defaultChild;
  // A TableV2 returns a stream ARN whether it has a stream or not.
  const without = CfnGlobalTable.isCfnGlobalTable(table) && settled(table, table.streamSpecification) === undefined;
  return without ? undefined : source.tableStreamArn;
}

/**
 * What Lambda needs, as the function's role, to read a stream.
 * @param consumer the stream's registered consumer to read with; none for shared throughput
 */
export function readStatements(source: StreamSource, consumer?: IStreamConsumer): AccessStatement[] {
  if (!isTable(source)) {
    return [
      {
        actions: POLLERS.stream.granted,
        resources: [source.streamArn],
        of: () => streamTarget(source, true),
      },
      ...(consumer ? [{ actions: SUBSCRIBING, resources: [consumer.streamConsumerArn] }] : []),
      ...throughService(source.encryptionKey, 'kinesis', DECRYPT),
    ];
  }
  const ofOneStream = POLLERS.tableStream.granted.filter((action) => action !== LIST_STREAMS);
  return [
    { actions: ofOneStream, resources: [source.tableStreamArn!], of: () => tableStreamTarget(source) },
    {
      actions: [LIST_STREAMS],
      resources: [`${source.tableArn}/stream/*`],
      wildcard: 'ListStreams is asked for all streams of a table, which are named by the time of their making',
    },
    ...throughService(source.encryptionKey, 'dynamodb', DECRYPT),
  ];
}

/**
 * A table's stream. Its policy can be set only once it exists, since its ARN ends with its creation time.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html
 */
function tableStreamTarget(table: ITable): Target {
  return {
    what: "a table's stream",
    resource: table,
    place: table.env,
    near: true,
    ...(isOwn(table) && {
      refusal: {
        rule: 'must have a known stream ARN, which is generated at deployment, to be read from another account',
        remedy:
          'import it with TableV2.fromTableAttributes({ tableArn, tableStreamArn }) once it is deployed, put a policy on the stream, and declare that with Access.admitting(...)',
      },
    }),
  };
}

const LIST_STREAMS = 'dynamodb:ListStreams';

/** A consumer is in its stream's and its reader's account: no one else needs to be admitted. */
const SUBSCRIBING = [...POLLERS.streamConsumer.granted, ...POLLERS.streamConsumer.used];

/** How many mappings can read one stream before they are throttled. */
export function readerLimit(source: StreamSource): number {
  if (!isTable(source)) return kinesisReadsPerShard.value;
  const table = source.node.defaultChild;
  const replicas = CfnGlobalTable.isCfnGlobalTable(table) ? settled(table, table.replicas) : [];
  return Array.isArray(replicas) && replicas.length > 1 ? globalTableStreamReaders.value : tableStreamReaders.value;
}

/** A property of an L1 that its L2 may set lazily. */
function settled(construct: IConstruct, value: unknown): unknown {
  return Stack.of(construct).resolve(value);
}
