import type { Context } from '../../../../access';
import type { Need } from '../../kernel/judge';
import type { Call } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { isRecord, type JsonObject, recordOf, records, text, texts } from '../../kernel/json';
import { statementNeed } from './partiql';

/** Names of the partition keys of tables and indexes: `Orders` and `Orders/byCustomer`. */
export type PartitionKeys = ReadonlyMap<string, string>;

/** What a call's required permissions depend on. */
export interface DynamoDbNames {
  /** The ARN of a table, by its name or ARN. */
  readonly arnOf: (name: string) => string;
  /** Partition keys, for `dynamodb:LeadingKeys`. */
  readonly keys: PartitionKeys;
}

/** Operations on single items, in their transactional spelling. */
const TRANSACT_ACTIONS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  ConditionCheck: 'ConditionCheckItem',
};

/**
 * The actions and resources that a call requires: for a transaction one per item, for a batch one per table, for an
 * index query the index, for PartiQL the statement's action.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export function needsOf({ operation, input }: Call, names: DynamoDbNames): readonly Need[] {
  const table = (name: unknown) => names.arnOf(text(name) ?? '');
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return records(input.TransactItems).flatMap((item) =>
        Object.entries(item).map(([kind, part]) => ({
          action: `dynamodb:${TRANSACT_ACTIONS[kind] ?? kind}`,
          resource: table(recordOf(part).TableName),
          context: { ...itemContext(recordOf(part), names), 'dynamodb:EnclosingOperation': [operation] },
        })),
      );
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.entries(recordOf(input.RequestItems)).map(([name, requests]) => ({
        action: `dynamodb:${operation}`,
        resource: table(name),
        context: batchContext(name, requests, names),
      }));
    case 'ExecuteStatement':
    case 'BatchExecuteStatement':
    case 'ExecuteTransaction': {
      const statements = [
        input.Statement,
        ...records(input.Statements ?? input.TransactStatements).map((s) => s.Statement),
      ];
      const enclosing = operation === 'ExecuteTransaction' ? { 'dynamodb:EnclosingOperation': [operation] } : {};
      return texts(statements).map((statement) => ({ ...statementNeed(statement, names.arnOf), context: enclosing }));
    }
    case 'ListTables':
    case 'ListStreams':
      return [{ action: `dynamodb:${operation}`, resource: '*' }];
    case 'GetRecords':
      return [{ action: 'dynamodb:GetRecords', resource: streamOf(text(input.ShardIterator)) ?? '*' }];
    default:
      return [need(operation, input, names)];
  }
}

function need(operation: string, input: JsonObject, names: DynamoDbNames): Need {
  const action = `dynamodb:${operation}`;
  const stream = text(input.StreamArn) ?? text(input.ResourceArn);
  if (stream !== undefined) return { action, resource: stream };
  const arn = names.arnOf(text(input.TableName) ?? '');
  const index = text(input.IndexName);
  const context = { ...itemContext(input, names), ...defaults(operation, input) };
  return { action, resource: index === undefined ? arn : `${arn}/index/${index}`, context };
}

/** The stream of a shard iterator: both engines put its ARN before the first bar. */
function streamOf(iterator: string | undefined): string | undefined {
  const decoded = iterator && Buffer.from(iterator, 'base64').toString();
  return [iterator, decoded].map((one) => /arn:[^|"]*\/stream\/[^|"]*/.exec(one ?? '')?.[0]).find((arn) => arn);
}

/** The condition keys that fine-grained access control reads. */
function itemContext(input: JsonObject, { keys }: DynamoDbNames): Context {
  const name = (text(input.TableName) ?? '').split('/').at(-1)!;
  const index = text(input.IndexName);
  const key = keys.get(index === undefined ? name : `${name}/${index}`);
  const leading = key === undefined ? undefined : (keyOf(input.Key ?? input.Item, key) ?? queried(input, key));
  const attributes = [
    ...texts(input.AttributesToGet),
    ...(text(input.ProjectionExpression) ?? '')
      .split(',')
      .map((part) => text(recordOf(input.ExpressionAttributeNames)[part.trim()]) ?? part.trim().split(/[.[]/)[0]!)
      .filter((part) => part !== ''),
    ...Object.keys(recordOf(input.Item ?? input.Key)),
  ];
  return {
    ...(leading !== undefined && { 'dynamodb:LeadingKeys': [leading] }),
    ...(attributes.length > 0 && { 'dynamodb:Attributes': [...new Set(attributes)] }),
  };
}

/** Defaults for omitted parameters. */
function defaults(operation: string, input: JsonObject): Context {
  const some = input.ProjectionExpression ?? input.AttributesToGet;
  if (/^(GetItem|Query|Scan)$/.test(operation)) {
    return { 'dynamodb:Select': text(input.Select) ?? (some === undefined ? 'ALL_ATTRIBUTES' : 'SPECIFIC_ATTRIBUTES') };
  }
  return /^(Put|Update|Delete)Item$/.test(operation)
    ? { 'dynamodb:ReturnValues': text(input.ReturnValues) ?? 'NONE' }
    : {};
}

function batchContext(table: string, requests: unknown, { keys }: DynamoDbNames): Context {
  const key = keys.get(table.split('/').at(-1)!);
  const items = Array.isArray(requests)
    ? requests.filter(isRecord).map((one) => recordOf(one.PutRequest).Item ?? recordOf(one.DeleteRequest).Key)
    : records(recordOf(requests).Keys);
  const leading = key === undefined ? [] : items.map((item) => keyOf(item, key)).filter((value) => value !== undefined);
  return leading.length > 0 ? { 'dynamodb:LeadingKeys': leading } : {};
}

function keyOf(item: unknown, key: string): string | undefined {
  return text(Object.values(recordOf(recordOf(item)[key]))[0]);
}

/** The partition key in `KeyConditionExpression`, which compares it for equality. */
function queried(input: JsonObject, key: string): string | undefined {
  const expression = text(input.KeyConditionExpression) ?? '';
  for (const [, name = '', value = ''] of expression.matchAll(/([#\w.-]+)\s*=\s*(:[\w.-]+)/g)) {
    const attribute = text(recordOf(input.ExpressionAttributeNames)[name]) ?? name;
    if (attribute === key) return keyOf(input.ExpressionAttributeValues, value);
  }
  return undefined;
}

/** The partition keys of tables and their indexes. */
export function keysOf(tables: readonly Deployed[]): PartitionKeys {
  const hash = (schema: unknown) => text(records(schema).find(({ KeyType }) => KeyType === 'HASH')?.AttributeName);
  const found = tables.flatMap(({ name, properties }) => [
    [name, hash(properties.KeySchema)] as const,
    ...[...records(properties.GlobalSecondaryIndexes), ...records(properties.LocalSecondaryIndexes)].map(
      (index) => [`${name}/${text(index.IndexName)}`, hash(index.KeySchema)] as const,
    ),
  ]);
  return new Map(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
