import { isRecord, asList, parseJson } from '../../kernel/json';

/**
 * The warning for a handler that reports failed records to a mapping that does not read them: as on AWS they count as
 * done. Undefined if there is no need.
 * @param lost what is lost: `messages`
 */
export function unaskedFailures(payload: Buffer, lost: string): string | undefined {
  const answer = parseJson(payload.toString());
  const count = isRecord(answer) ? asList(answer.batchItemFailures ?? []).length : 0;
  if (count === 0) return undefined;
  const remedy = "set 'reportBatchItemFailures' on the event source";
  return `WARN the handler reported ${count} failed ${lost} but its mapping does not read them, so they count as done; ${remedy}`;
}

/** The outcome of a batch: every record is done, none is, or all but these. */
export type BatchAnswer = 'done' | 'failed' | ReadonlySet<string>;

/**
 * Reads a handler's partial batch response. An invalid response fails the whole batch: an empty or missing
 * `itemIdentifier`, or one that no record has.
 * @param known the identifiers of the batch
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function batchAnswer(payload: Buffer, known: readonly string[]): BatchAnswer {
  const answer = parseJson(payload.toString());
  if (answer === null || answer === '') return 'done';
  if (!isRecord(answer)) return 'failed';
  const failures = answer.batchItemFailures;
  if (failures === undefined || failures === null) return 'done';
  if (!Array.isArray(failures)) return 'failed';
  const identifiers = asList(failures).map((one) => (isRecord(one) ? one.itemIdentifier : undefined));
  if (!identifiers.every((one): one is string => typeof one === 'string' && known.includes(one))) return 'failed';
  return identifiers.length === 0 ? 'done' : new Set(identifiers);
}
