import { AttributeType, StreamViewType } from 'aws-cdk-lib/aws-dynamodb';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { EntityTable } from '../entity-table';
import type { EntityTableProps } from '../entity-table-props';
import { privateBucket } from '../private-bucket';
import type { StreamSource } from '../stream-source';
import { inTheNameOf } from '../../core/errors';
import type { EventStoreProps } from './store-props';

/** Where an event store keeps its events and everything else. */
export interface StoreTables {
  /** Events by aggregate and version, and nothing else. */
  readonly events: EntityTable;
  /** Ids of commands already carried out, written in one transaction with their events. */
  readonly commands: EntityTable;
  /** Snapshots of aggregates, if requested. */
  readonly snapshots?: EntityTable;
  /** A data key per subject, if events have personal fields. */
  readonly keys?: EntityTable;
  /** Holds what is too large for an item, if requested. */
  readonly payloads?: IBucket;
  /** What projections read: the table's own stream, or the Kinesis stream. */
  readonly source: StreamSource;
}

/** The tables of an event store, as its runtime helper expects them. */
export function storeTables(scope: Construct, props: EventStoreProps): StoreTables {
  const { encryption, removalPolicy, claimCheck } = props;
  const table = (id: string, more: Omit<EntityTableProps, 'partitionKey'> = {}) =>
    inTheNameOf(
      scope.node.path,
      () => new EntityTable(scope, id, { partitionKey: 'id', encryption, removalPolicy, ...more }),
    );
  const stream = props.stream === 'kinesis' ? changes(scope) : undefined;
  const events = table('Events', {
    sortKey: { name: 'version', type: AttributeType.NUMBER },
    // A Kinesis stream always carries both images, and needs no DynamoDB stream as well.
    ...(stream ? { kinesisStream: stream } : { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
    replicas: props.replicas?.map((region) => ({ region })),
  });
  return {
    events,
    commands: table('Commands', { timeToLive: 'expires' }),
    ...(props.snapshots ? { snapshots: table('Snapshots') } : {}),
    ...(props.personal ? { keys: table('Keys', { pointInTimeRecoverySpecification: SHORT }) } : {}),
    ...(claimCheck ? { payloads: claimCheck === true ? privateBucket(scope, 'Payloads') : claimCheck } : {}),
    source: stream ?? events,
  };
}

/** Long enough to notice a mistake, but no longer: while a deleted key can be restored, nothing is forgotten. */
const SHORT = { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 1 };

/** On demand, like the table. */
function changes(scope: Construct): kinesis.Stream {
  return new kinesis.Stream(scope, 'Changes', {
    streamMode: kinesis.StreamMode.ON_DEMAND,
    encryption: kinesis.StreamEncryption.MANAGED,
  });
}
