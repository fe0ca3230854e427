import { AwsError } from '../../kernel/aws-errors';
import { isRecord, type JsonObject, number, text, texts } from '../../kernel/json';
import * as facts from '../../../../core/facts/events';

/** Maximum entries per request. */
const MAX_ENTRIES = 10;
/** Maximum characters of an event's detail type. */
const MAX_DETAIL_TYPE = 128;
/** Bytes counted for a time. */
const TIME_BYTES = 14;

/**
 * @throws AwsError for a request that EventBridge refuses as a whole
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
export function checkEntries(entries: readonly JsonObject[]): void {
  const constraint = (rule: string) =>
    new AwsError(
      'ValidationException',
      `1 validation error detected: Value '[${entries.map(() => 'PutEventsRequestEntry').join(', ')}]' at 'entries' failed to satisfy constraint: Member must have length ${rule}`,
    );
  if (entries.length === 0) throw constraint('greater than or equal to 1');
  if (entries.length > MAX_ENTRIES) throw constraint(`less than or equal to ${MAX_ENTRIES}`);
  const size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (size > facts.entrySize.value) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
}

/** The counted size of an entry, in bytes. */
function sizeOf(entry: JsonObject): number {
  const parts = [entry.Source, entry.DetailType, entry.Detail, ...texts(entry.Resources)];
  const time = number(entry.Time) === undefined ? 0 : TIME_BYTES;
  return parts.reduce<number>((sum, part) => sum + Buffer.byteLength(text(part) ?? ''), time);
}

/** The error of a failed entry; undefined if it is valid. */
export function failureOf(entry: JsonObject, detail: unknown): JsonObject | undefined {
  const missing = ['Source', 'DetailType', 'Detail'].find((name) => (text(entry[name]) ?? '') === '');
  if (missing) {
    const ErrorMessage = `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`;
    return { ErrorCode: 'InvalidArgument', ErrorMessage };
  }
  if ((text(entry.DetailType) ?? '').length > MAX_DETAIL_TYPE) {
    const ErrorMessage = `Parameter DetailType is not valid. Reason: DetailType must be at most ${MAX_DETAIL_TYPE} characters.`;
    return { ErrorCode: 'InvalidArgument', ErrorMessage };
  }
  if (text(entry.Source)?.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  return isRecord(detail) ? undefined : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}
