import { matchesPattern } from '../../kernel/event-pattern';
import { isRecord, type JsonRecord, parseJson } from '../../kernel/json';

/**
 * Whether a record passes a mapping's filters. A pattern for the payload that is an object looks into the payload as
 * JSON, and a record whose payload is none does not pass; a pattern that is a list compares the text, and a record whose
 * payload is JSON does not pass.
 * @param field where records of this source carry their payload: `body`, `data`; undefined where the record is it
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 */
export function passes(filters: readonly JsonRecord[], item: JsonRecord, field?: string): boolean {
  return filters.length === 0 || filters.some((filter) => passesOne(filter, item, field));
}

function passesOne(filter: JsonRecord, item: JsonRecord, field: string | undefined): boolean {
  if (field === undefined || !(field in filter)) return matchesPattern(filter, item);
  const payload = parseJson(String(item[field]));
  const structured = isRecord(filter[field]);
  if (structured !== isRecord(payload)) return false;
  return matchesPattern(filter, structured ? { ...item, [field]: payload } : item);
}
