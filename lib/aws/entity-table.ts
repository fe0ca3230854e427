import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { checkPlace } from './construct-checks';
import { PatternError } from '../core/errors';
import { checkPlacedProps } from './placed-props';
import type { Capability } from './access/capability';
import { TableAccess, type TableReadOptions, type TableWriteOptions } from './access/table';
import { defaultsIn, given, over } from './defaults/kept';
import { checksOf, NAMES, SHAPE } from './entity-table-checks';
import {
  attributeOf,
  type EntityTableProps,
  replicaOf,
  type TableIndex,
  type TableIndexProps,
} from './entity-table-props';

/**
 * A production-ready table: on demand, so there is nothing to size; point-in-time recovery over 35 days; deletion protection,
 * and retained when its stack is deleted. Encrypted with an AWS-owned key, which is free;
 * set `encryption` to `awsManagedKey()` for an audit trail of the key's use, or to a customer-managed key for control over
 * access, both at the price of KMS requests.
 *
 * `replicas` have the same protection and recovery. A function in a replica's region uses that replica.
 *
 * `removalPolicy: RemovalPolicy.DESTROY` also lifts deletion protection, for short-lived stacks.
 * @example
 * const orders = new EntityTable(this, 'Orders', { partitionKey: 'id', indexes: { byCustomer: 'customerId' } });
 */
export class EntityTable extends dynamodb.TableV2 {
  /**
   * Capabilities for a table the app already has, of either version, imported or not. Creates no resource: replacing a
   * `dynamodb.Table` by an `EntityTable` would change the type under a logical id, which CloudFormation refuses.
   * @example
   * const orders = EntityTable.adopt(table);
   * new ServiceFunction(this, 'Place', { entry: 'src/place.ts', access: { ORDERS: orders.write() } });
   */
  static adopt(table: dynamodb.ITable): TableAccess {
    return new TableAccess(table);
  }

  /** Whether its replicas are those of `replicas`. */
  private readonly whole: boolean;

  constructor(scope: Construct, id: string, props: EntityTableProps) {
    const path = checkPlace(new.target, scope, id);
    const all = over(defaultsIn(scope, 'tables', path), given(props));
    checkPlacedProps({ scope, path }, all, SHAPE, (known) => checksOf(known, Stack.of(scope).region), NAMES);
    const { partitionKey, sortKey, indexes = {}, timeToLive, stream, replicas, ...options } = all;
    const removalPolicy = options.removalPolicy ?? RemovalPolicy.RETAIN;

    super(scope, id, {
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      ...options,
      removalPolicy,
      partitionKey: attributeOf(partitionKey),
      sortKey: sortKey === undefined ? undefined : attributeOf(sortKey),
      globalSecondaryIndexes: Object.entries(indexes).map(([name, index]) => indexOf(name, index)),
      timeToLiveAttribute: timeToLive,
      dynamoStream: stream,
      replicas: replicas?.map((replica) => replicaOf(replica, options.tags)),
    });
    this.whole = true;
  }

  /**
   * Replicas are named in `replicas`, where they are judged with the keys, the stream and the consistency of the table, and
   * before a function is told which of them it works on.
   * @throws PatternError
   */
  override addReplica(props: dynamodb.ReplicaTableProps): void {
    if (this.whole) {
      const message = `'addReplica' must not be called, since what a replica needs is judged with the table, got '${props.region}'; name it in 'replicas'`;
      throw new PatternError(this.node.path, [{ prop: 'addReplica', message }]);
    }
    super.addReplica(props);
  }

  /** `GetItem`, `BatchGetItem` and `Query`, on the table and on its indexes by name; `Scan` only on request. */
  read(options?: TableReadOptions): Capability {
    return new TableAccess(this).read(options);
  }

  /**
   * `PutItem`, `UpdateItem` and condition checks, alone, in batches or in transactions; not `DeleteItem`. IAM cannot stop a
   * batch from deleting: `write({ batch: false })` leaves batches out.
   */
  write(options?: TableWriteOptions): Capability {
    return new TableAccess(this).write(options);
  }

  /** `DeleteItem`. */
  delete(): Capability {
    return new TableAccess(this).delete();
  }

  /** `read()` and `write()`; not `DeleteItem`. */
  readWrite(options?: TableReadOptions & TableWriteOptions): Capability {
    return new TableAccess(this).readWrite(options);
  }

  /** `PutItem` without access to the replaced item, for events and logs. */
  append(): Capability {
    return new TableAccess(this).append();
  }
}

function indexOf(indexName: string, index: TableIndex): dynamodb.GlobalSecondaryIndexPropsV2 {
  const props: TableIndexProps = typeof index === 'string' ? { partitionKey: index } : index;
  const { partitionKey, sortKey, attributes } = props;
  return {
    indexName,
    partitionKey: attributeOf(partitionKey),
    sortKey: sortKey === undefined ? undefined : attributeOf(sortKey),
    ...(attributes === undefined
      ? {}
      : { projectionType: dynamodb.ProjectionType.INCLUDE, nonKeyAttributes: [...attributes] }),
  };
}
