import { randomUUID } from 'node:crypto';
import { messageOf } from '../../kernel/errors';
import type { Consumer } from '../../kernel/event-source';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import { FunctionError, ThrottledError } from '../../lambda/function-errors';
import type { Outcome } from '../../lambda/lambda-function';
import { batchAnswer } from '../event-source-mappings/batch-answer';
import { placeOf } from '../event-source-mappings/failure-record';
import { enriched } from './enrichment';
import { type PipeCalls, PipeCallError } from './calls';
import type { PipeSettings } from './settings';
import { type Item, targetOf } from './targets';
import { filled } from './template';
import { parseArn } from '../../../../core/arn';

/** Dependencies of a pipe's consumer. */
export interface PipeParts extends Pick<Consumer, 'name' | 'caller'> {
  readonly settings: PipeSettings;
  /** The ARN of the pipe. */
  readonly arn: string;
  readonly calls: PipeCalls;
  /** The URL of a target queue. */
  readonly queueUrl: string;
  /** Resolves when the pipe runs. */
  readonly running: () => Promise<void>;
  /** Writes a line to the pipe's log. */
  readonly write: (line: string) => void;
}

/**
 * Processes a batch from the source: enrichment, template, target. It responds like a function with a partial batch
 * response, so that queues and streams treat both alike.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 */
export function pipeConsumer(parts: PipeParts): Consumer {
  const { name, caller, arn } = parts;
  return {
    name,
    caller,
    timeout: 0,
    work: async (items) => {
      await parts.running();
      return outcomeOf(parts, items);
    },
    failure: (given, place) => ({
      context: { partnerResourceArn: arn, condition: given.condition },
      ...placeOf(given, place),
    }),
  };
}

async function outcomeOf(parts: PipeParts, items: readonly JsonObject[]): Promise<Outcome> {
  const outcome = { requestId: randomUUID(), version: '$LATEST', payload: Buffer.from('null') };
  try {
    const failed = await passOn(parts, items.map(flat));
    const batchItemFailures = failed.map((index) => ({ itemIdentifier: identifierOf(items[index]!) }));
    return { ...outcome, payload: Buffer.from(JSON.stringify({ batchItemFailures })) };
  } catch (error) {
    if (!(error instanceof PipeCallError)) throw error;
    if (error.busy) throw new ThrottledError(parts.name);
    parts.write(`ERROR ${error.code}: ${messageOf(error)}`);
    return { ...outcome, error: new FunctionError(parts.name, { errorType: error.code, errorMessage: error.message }) };
  }
}

/** @returns the indices of the failed source records */
async function passOn(parts: PipeParts, items: readonly JsonObject[]): Promise<readonly number[]> {
  const { settings, arn, calls, queueUrl } = parts;
  const reserved = (): JsonObject => ({
    'aws.pipes.pipe-arn': arn,
    'aws.pipes.pipe-name': settings.name,
    'aws.pipes.source-arn': settings.source,
    'aws.pipes.enrichment-arn': settings.enrichment,
    'aws.pipes.target-arn': settings.target,
    'aws.pipes.event.ingestion-time': new Date().toISOString(),
  });
  const values = settings.enrichment === undefined ? items : await enriched(calls, settings, items, reserved());
  if (values.length === 0) return [];
  const template = text(settings.targetParameters.InputTemplate);
  const sent = values.map((value): Item => ({ value, payload: payloadOf(template, value, reserved()) }));
  const target = targetOf(settings.target);
  if (!target) throw new PipeCallError('LocalRunUnsupported', `'${settings.target}' is not run`);
  if (sent.length > target.most) {
    const said = `The enrichment answered ${sent.length} items, and the target takes ${target.most} at a time`;
    throw new PipeCallError('ValidationException', said);
  }
  const source = `aws:${parseArn(settings.source)?.service}`;
  const { targetParameters: parameters } = settings;
  const taken = await target.send(
    { calls, arn: settings.target, parameters, queueUrl, pipe: settings.name, source },
    sent,
  );
  if ('failed' in taken) {
    parts.write(`ERROR ${taken.failed.length} of ${sent.length} records were not taken: ${taken.why}`);
    return inSource(taken.failed, values, items);
  }
  return taken.answer === undefined ? [] : reported(taken.answer, items);
}

/** Records that the target reports as failed, by `messageId` or `eventID`; all of them for an unreadable response. */
function reported(answer: string, items: readonly JsonObject[]): readonly number[] {
  const parsed = parseJson(answer);
  // Pipes do not require a report: a response without one means success.
  if (!isRecord(parsed) || parsed.batchItemFailures === undefined) return [];
  const ids = items.map(nameOf);
  const found = batchAnswer(Buffer.from(answer), ids);
  if (found === 'done') return [];
  return found === 'failed' ? items.map((_, index) => index) : [...found].map((id) => ids.indexOf(id));
}

/** The source records behind target items: matched by id if the enrichment kept it, otherwise all of them. */
function inSource(
  failed: readonly number[],
  values: readonly unknown[],
  items: readonly JsonObject[],
): readonly number[] {
  const names = items.map(nameOf);
  const found = failed.map((index) => names.indexOf(nameOf(recordOf(values[index]))));
  return found.includes(-1) ? items.map((_, index) => index) : found;
}

function payloadOf(template: string | undefined, value: unknown, reserved: JsonObject): string {
  if (template !== undefined) return filled(template, value, reserved);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A record in the shape of Pipes: Kinesis data is flattened into the record. */
function flat({ kinesis, ...item }: JsonObject): JsonObject {
  return kinesis === undefined ? item : { ...recordOf(kinesis), ...item };
}

function nameOf({ messageId, eventID }: JsonObject): string {
  return text(messageId ?? eventID) ?? '';
}

/** The record's id for the source's poller: the message id, or the sequence number. */
function identifierOf({ messageId, kinesis, dynamodb }: JsonObject): string {
  return text(messageId ?? recordOf(kinesis).sequenceNumber ?? recordOf(dynamodb).SequenceNumber) ?? '';
}
