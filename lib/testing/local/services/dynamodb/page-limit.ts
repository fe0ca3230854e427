import { jsonResponse } from '../../kernel/aws-errors';
import type { HttpResponse } from '../../kernel/call';
import { isRecord, type JsonObject, number, parseJson, recordOf, records } from '../../kernel/json';

/**
 * A page of a query or scan ends with the item that exceeds 1 MB. One engine counts that item, and leaves it out: it is
 * read from the engine and added.
 * @param pass passes a call of the same operation to the engine
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
 */
export async function withItemAtLimit(
  operation: string,
  input: JsonObject,
  response: HttpResponse,
  pass: (input: JsonObject) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  if (!['Query', 'Scan'].includes(operation) || !String(response.body).includes('"LastEvaluatedKey"')) return response;
  const page = recordOf(parseJson(String(response.body)));
  if (response.status !== 200 || !leavesOneOut(input, page)) return response;
  const { Limit: _, ...rest } = input;
  const next = await pass({ ...rest, Limit: 1, ExclusiveStartKey: page.LastEvaluatedKey });
  const last = recordOf(parseJson(String(next.body)));
  if (next.status !== 200 || number(last.ScannedCount) !== 1) return response;
  return jsonResponse({
    ...page,
    Count: (number(page.Count) ?? 0) + (number(last.Count) ?? 0),
    ...(Array.isArray(page.Items) && { Items: [...records(page.Items), ...records(last.Items)] }),
    ...(isRecord(page.ConsumedCapacity) && { ConsumedCapacity: sum(page.ConsumedCapacity, last.ConsumedCapacity) }),
    LastEvaluatedKey: last.LastEvaluatedKey,
  });
}

/** Whether a page ended because of its size, not of the limit of the call. */
function leavesOneOut(input: JsonObject, { Count, ScannedCount }: JsonObject): boolean {
  const limit = number(input.Limit) ?? Infinity;
  const filtered = ['FilterExpression', 'QueryFilter', 'ScanFilter'].some((name) => input[name] !== undefined);
  return (number(ScannedCount) ?? 0) < limit || (!filtered && Count !== ScannedCount);
}

/** Adds the numbers of two objects of one shape. */
function sum(one: JsonObject, other: unknown): JsonObject {
  const added = recordOf(other);
  return Object.fromEntries(
    Object.entries(one).map(([name, value]) => {
      if (isRecord(value)) return [name, sum(value, added[name])];
      return [name, typeof value === 'number' ? value + (number(added[name]) ?? 0) : value];
    }),
  );
}
