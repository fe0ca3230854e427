import { isRecord, list, parseJson } from '../../kernel/json';

/** What became of a batch: every record is done, none is, or all but these. */
export type BatchAnswer = 'done' | 'failed' | ReadonlySet<string>;

/**
 * Reads a handler's partial batch response. What Lambda cannot read fails the whole batch: an empty or missing
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
  const identifiers = list(failures).map((one) => (isRecord(one) ? one.itemIdentifier : undefined));
  if (!identifiers.every((one): one is string => typeof one === 'string' && known.includes(one))) return 'failed';
  return identifiers.length === 0 ? 'done' : new Set(identifiers);
}
