import { Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnGlobalTable, CfnTable, type ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Check } from '../../core/check/check';
import { filled, flag, list } from '../../core/check/kinds';
import { checkProps, type Shape } from '../../core/check/shape';
import { type AccessStatement, Capability, type CapabilityProps } from './capability';
import { present } from './present';
import { DECRYPT, keyOf, throughService } from './encryption';
import { found } from './found';
import type { Place } from './place';
import { replicaAt } from './replicas';
import type { Copy } from './target';
import { tableTarget } from './targets';

/** How a table is read. */
export interface TableReadOptions {
  /**
   * Also allows `Scan`, which reads, and is billed for, the whole table.
   * @default false
   */
  readonly scan?: boolean;
  /**
   * Partition key values, to the exclusion of all other items: `['tenant-1']`, or `['${aws:PrincipalTag/tenant}']` for the
   * caller's session tag. `*` matches any characters. Indexes are excluded, since their keys differ, and so is
   * `Scan`, which has no keys.
   * @default - all items
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
   */
  readonly leadingKeys?: readonly string[];
}

/** How a table is written. */
export interface TableWriteOptions {
  /**
   * Allows `BatchWriteItem`. IAM authorizes a batch by this one action, whether it puts or deletes, without requiring
   * `DeleteItem`: whoever may write batches may delete in one. Set it to false where that matters, and write many
   * items with `TransactWriteItems` (up to 100), which IAM authorizes by the single-item actions.
   * @default true
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
   */
  readonly batch?: boolean;
}

/**
 * What DynamoDB itself does with a customer-managed key on behalf of a reader.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export const KEY_READ = [...DECRYPT, 'kms:DescribeKey'];

/** The same for a writer, whose table's data key may be being created or rotated. */
export const KEY_WRITE = [...KEY_READ, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/**
 * What a function may do with a table. Transactions are covered: IAM authorizes `TransactGetItems` and `TransactWriteItems`
 * by the single-item actions.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export class TableAccess {
  /** @throws PatternError when there is no table */
  constructor(private readonly table: ITable) {
    present('table', table);
  }

  /**
   * `GetItem`, `BatchGetItem` and `Query`, on the table and any indexes; `Scan` only on request.
   * @throws PatternError when `leadingKeys` is empty, or combined with `scan`
   */
  read(options: TableReadOptions = {}): Capability {
    checkProps(this.table.node.path, options, READ, leadingKeysChecks);
    const { scan = false, leadingKeys } = options;
    const actions = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', ...(scan ? ['dynamodb:Scan'] : [])];
    const read = leadingKeys
      ? {
          actions,
          resources: [this.table.tableArn],
          conditions: ofKeys(leadingKeys),
          of: () => tableTarget(this.table),
        }
      : { actions, ...this.tableAndIndexes() };
    return new Capability({
      ...this.variables(),
      statements: [read, ...tableKey(this.table, KEY_READ)],
    });
  }

  /** `PutItem`, `UpdateItem`, condition checks and batches; not `DeleteItem`. */
  write(options: TableWriteOptions = {}): Capability {
    checkProps(this.table.node.path, options, WRITE);
    const { batch = true } = options;
    const inBatches = batch ? ['dynamodb:BatchWriteItem'] : [];
    return this.change(['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem', ...inBatches]);
  }

  /** `DeleteItem`. */
  delete(): Capability {
    return this.change(['dynamodb:DeleteItem']);
  }

  /** `read()` and `write()`; not `DeleteItem`. */
  readWrite(options: TableReadOptions & TableWriteOptions = {}): Capability {
    checkProps(this.table.node.path, options, { ...READ, ...WRITE });
    const { batch, ...reading } = options;
    return this.read(reading).and(this.write({ batch }));
  }

  /**
   * `PutItem` without access to the replaced item: a `ReturnValues` that would return it is refused. IAM cannot
   * require a condition expression, so preventing overwrites is up to the handler (`attribute_not_exists`).
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
   */
  append(): Capability {
    return this.change(['dynamodb:PutItem'], { StringEqualsIfExists: { 'dynamodb:ReturnValues': 'NONE' } });
  }

  private change(actions: string[], conditions?: Record<string, Record<string, string>>): Capability {
    return new Capability({
      ...this.variables(),
      statements: [
        { actions, resources: [this.table.tableArn], conditions, of: () => tableTarget(this.table) },
        ...tableKey(this.table, KEY_WRITE),
      ],
    });
  }

  /** A client in another account or region uses the table's ARN; one next to a replica uses its name, like everyone there. */
  private variables(): Pick<CapabilityProps, 'variables' | 'variablesFrom'> {
    const { tableName, tableArn, env } = this.table;
    return {
      variables: { '': tableName },
      variablesFrom: (place) => (replicaAt(this.table, place) ? {} : found(place, env, () => tableArn)),
    };
  }

  /** The table and each index by name, including those added later. An imported table does not reveal their names. */
  private tableAndIndexes(): Pick<AccessStatement, 'resources' | 'wildcard' | 'of'> {
    const { table } = this;
    const definition = table.node.defaultChild;
    if (definition instanceof CfnTable || definition instanceof CfnGlobalTable) {
      const names = () => indexNames(definition).map((name) => `${table.tableArn}/index/${name}`);
      return {
        resources: Lazy.list({ produce: () => [table.tableArn, ...names()] }),
        of: () => tableTarget(table, () => indexNames(definition)),
      };
    }
    if (!hasIndex(table)) return { resources: [table.tableArn], of: () => tableTarget(table) };
    return {
      of: () => tableTarget(table),
      resources: [table.tableArn, `${table.tableArn}/index/*`],
      wildcard: 'The indexes of an imported table are not known by name',
    };
  }
}

/** Statements for a table's key; next to a replica, for the replica's key. */
export function tableKey(table: ITable, actions: readonly string[]): AccessStatement[] {
  return throughService(keyOf(table), 'dynamodb', actions).map((statement) => {
    const target = statement.of?.();
    if (target === undefined) return statement;
    return { ...statement, of: () => ({ ...target, copyAt: (place: Place) => keyAt(table, place) }) };
  });
}

/** The key of the replica next to a client. */
function keyAt(table: ITable, place: Place): Copy | undefined {
  const { region, keyArn } = replicaAt(table, place) ?? {};
  if (keyArn === undefined) return undefined;
  return {
    resources: [keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` } },
  };
}

/** Conditions on keys: without the null check, a request without keys would pass. */
const ofKeys = (keys: readonly string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

const READ: Shape<TableReadOptions> = { scan: flag, leadingKeys: list(filled('tenant-1'), "['tenant-1']") };

const WRITE: Shape<TableWriteOptions> = { batch: flag };

function leadingKeysChecks({ leadingKeys, scan = false }: TableReadOptions): Check[] {
  return [
    {
      prop: 'leadingKeys',
      value: leadingKeys,
      valid: () => leadingKeys === undefined || leadingKeys.length > 0,
      rule: 'must name at least one value of the partition key',
      remedy: "write ['tenant-1'], or leave it out",
    },
    {
      prop: 'scan',
      value: scan,
      valid: () => !scan || leadingKeys === undefined,
      rule: "must not be combined with 'leadingKeys', since a scan reads items of every key",
      remedy: 'query by key instead',
    },
  ];
}

function indexNames(table: CfnTable | CfnGlobalTable): string[] {
  const { globalSecondaryIndexes, localSecondaryIndexes } = table;
  const resolve = (list: unknown): { indexName: string }[] =>
    (Token.isUnresolved(list) ? Stack.of(table).resolve(list) : list) ?? [];
  return [...resolve(globalSecondaryIndexes), ...resolve(localSecondaryIndexes)].map(({ indexName }) => indexName);
}

/** Both versions of the L2 know this, but neither exposes it. */
function hasIndex(table: ITable): boolean {
  return (table as unknown as { readonly hasIndex?: boolean }).hasIndex ?? false;
}
