import { taskCall } from '../../../../../core/asl/task';
import { isRecord, type JsonObject, recordOf, text } from '../../../kernel/json';
import { dataOf } from './data';
import type { ChildResult, MapRun } from './distributed-map';
import { NotRunHere, StateFailure } from './failure';
import type { Visit } from './visit';

/** Where a distributed map writes its results. */
export interface Writer {
  readonly parameters: JsonObject;
  readonly config: JsonObject;
  /** `s3:putObject`; undefined if results are only formatted. */
  readonly resource: string | undefined;
}

const INCLUDED = { Included: true };

/** The writer of a map; undefined if its results are its output. */
export async function writerOf(visit: Visit): Promise<Writer | undefined> {
  const { ResultWriter } = visit.state.body;
  if (!isRecord(ResultWriter)) return undefined;
  const name = visit.state.language === 'JSONata' ? 'Arguments' : 'Parameters';
  const given = await dataOf(visit.state.language).template(visit, ResultWriter[name] ?? {}, `ResultWriter/${name}`);
  return {
    parameters: recordOf(given),
    config: recordOf(ResultWriter.WriterConfig),
    resource: text(ResultWriter.Resource),
  };
}

/**
 * Writes the results, grouped by status in order of completion, and a manifest of the files.
 * @param pending the children that never started, if the map failed
 * @returns the output of the map
 * @throws StateFailure when they cannot be written
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
export async function writeResults(
  visit: Visit,
  { parameters, config, resource }: Writer,
  { arn, id }: MapRun,
  results: readonly ChildResult[],
  pending: readonly unknown[] = [],
): Promise<unknown> {
  const ended = resource === undefined ? results : [...results].sort((one, other) => one.stopped - other.stopped);
  const succeeded = ended.filter(({ failure }) => !failure).map((one) => shaped(one, config));
  const failed = ended.filter(({ failure }) => failure).map((one) => shaped(one, { Transformation: 'NONE' }));
  const flat = config.Transformation === 'FLATTEN' ? succeeded.flat() : succeeded;
  if (resource === undefined) return [...flat, ...failed];
  const call = taskCall(resource);
  if (call?.kind !== 'integration' || call.service !== 's3')
    throw new NotRunHere(`a map that writes with '${resource}'`);
  const Bucket = text(parameters.Bucket) ?? '';
  const folder = [text(parameters.Prefix)?.replace(/\/$/, ''), id].filter((part) => part).join('/');
  const lines = config.OutputType === 'JSONL';
  const put = async (name: string, content: unknown): Promise<JsonObject> => {
    const body =
      Array.isArray(content) && lines ? content.map((one) => JSON.stringify(one)).join('\n') : JSON.stringify(content);
    const Key = `${folder}/${name}`;
    const execution = text(recordOf(visit.run.context.Execution).Id) ?? '';
    const { signal } = visit.flowing;
    await visit.run.tasks
      .call({ call: { ...call, sdk: true }, parameters: { Bucket, Key, Body: body }, execution, signal })
      .catch((error: unknown) => {
        if (!(error instanceof StateFailure)) throw error;
        throw new StateFailure('States.ResultWriterFailed', error.detail);
      });
    return { Key, Size: Buffer.byteLength(body) };
  };
  const ending = lines ? 'jsonl' : 'json';
  const files = async (name: string, all: readonly unknown[]) =>
    all.length === 0 ? [] : [await put(`${name}_0.${ending}`, all)];
  const manifest = {
    DestinationBucket: Bucket,
    MapRunArn: arn,
    ResultFiles: {
      FAILED: await files('FAILED', failed),
      PENDING: await files(
        'PENDING',
        pending.map((input) => ({ Input: JSON.stringify(input), InputDetails: INCLUDED })),
      ),
      SUCCEEDED: await files('SUCCEEDED', flat),
    },
  };
  const { Key } = await put('manifest.json', manifest);
  return { MapRunArn: arn, ResultWriterDetails: { Bucket, Key } };
}

function shaped({ described, input, output, failure }: ChildResult, { Transformation = 'NONE' }: JsonObject): unknown {
  if (Transformation !== 'NONE') return output;
  return {
    ...described,
    Input: input,
    InputDetails: INCLUDED,
    ...(failure
      ? { Error: failure.error ?? '', Cause: failure.detail ?? '' }
      : { Output: JSON.stringify(output), OutputDetails: INCLUDED }),
  };
}
