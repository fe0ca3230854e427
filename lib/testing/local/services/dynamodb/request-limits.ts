import { dynamoDb } from '../../../../core/facts';
import { AwsError } from '../../kernel/aws-errors';
import type { HttpResponse } from '../../kernel/call';
import { isRecord, type JsonObject, asList, parseJson, recordOf, records, text, texts } from '../../kernel/json';
import type { PartitionKeys } from './needs';

/** Refuses what DynamoDB refuses but the engines accept. @throws AwsError */
export function checkLimits(operation: string, input: JsonObject, keys: PartitionKeys): void {
  for (const part of [input, ...records(input.TransactItems).flatMap((item) => Object.values(item).filter(isRecord))]) {
    checkOperands(part);
  }
  if (operation === 'Query') checkStart(input, keys);
}

/** Refuses to return more in a transaction than DynamoDB. @throws AwsError */
export function checkSizeOfRead(operation: string, response: HttpResponse): void {
  if (operation !== 'TransactGetItems' || Buffer.byteLength(response.body ?? '') <= dynamoDb.transactionSize.value)
    return;
  const answers = records(recordOf(parseJson(String(response.body))).Responses);
  const size = answers.reduce((sum, { Item }) => sum + sizeOfMap(recordOf(Item)), 0);
  if (size > dynamoDb.transactionSize.value)
    throw invalid('The aggregate size of the items in the transaction exceeds the 4MB limit');
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function sizeOfMap(attributes: JsonObject): number {
  return Object.entries(attributes).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);
}

function sizeOf(value: unknown): number {
  const [kind, content] = Object.entries(recordOf(value))[0] ?? [];
  switch (kind) {
    case 'M':
      return 3 + sizeOfMap(recordOf(content)) + Object.keys(recordOf(content)).length;
    case 'L':
      return asList(content).reduce((sum: number, one) => sum + sizeOf(one) + 1, 3);
    case 'SS':
    case 'NS':
    case 'BS':
      return texts(content).reduce((sum, one) => sum + sizeOf({ [kind[0]!]: one }), 0);
    case 'B':
      return Buffer.byteLength(text(content) ?? '', 'base64');
    case 'N':
      return Math.ceil((text(content) ?? '').length / 2) + 1;
    default:
      return kind === 'S' ? Buffer.byteLength(text(content) ?? '') : 1;
  }
}

function checkOperands(input: JsonObject): void {
  for (const name of ['FilterExpression', 'ConditionExpression']) {
    for (const [, operands = ''] of (text(input[name]) ?? '').matchAll(/\bIN\s*\(([^()]*)\)/gi)) {
      const count = operands.split(',').length;
      if (count <= dynamoDb.inOperands.value) continue;
      const rule = 'The IN operator is provided with too many operands';
      throw invalid(`Invalid ${name}: ${rule}; number of operands: ${count}`);
    }
  }
}

/** A page continues in the partition being read: its key is a value that the conditions compare with. */
function checkStart(
  { TableName, IndexName, ExclusiveStartKey, ExpressionAttributeValues }: JsonObject,
  keys: PartitionKeys,
): void {
  if (!isRecord(ExclusiveStartKey) || !isRecord(ExpressionAttributeValues)) return;
  const name = text(TableName)?.split('/').at(-1) ?? '';
  const key = keys.get(IndexName === undefined ? name : `${name}/${text(IndexName)}`);
  const start = key === undefined ? undefined : ExclusiveStartKey[key];
  const compared = Object.values(ExpressionAttributeValues).map(comparable);
  if (start === undefined || compared.includes(comparable(start))) return;
  throw invalid('The provided starting key is outside query boundaries based on provided conditions');
}

/** A value so that equal ones are the same: a number may be written in several ways, and the engine gives it back in one. */
function comparable(value: unknown): string {
  const number = text(recordOf(value).N);
  if (number === undefined) return JSON.stringify(recordOf(value));
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^\s*([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?\s*$/i.exec(number) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return significant === '' ? 'N0' : `N${sign === '-' ? '-' : ''}${significant}e${power}`;
}

const invalid = (message: string) => new AwsError('ValidationException', message);
