import type { Context } from 'aws-lambda';
import { handler as own } from 'lintel:handler';
import { sizeOf } from '../../../runtime/saga-claims';
import { leave, take, takeResults } from './bucket';
import { claimIn, KEYS, RESULTS } from './claim';

/** What is read here of the event of an action or a compensation. */
interface WorkEvent {
  readonly input: unknown;
  readonly results: Readonly<Record<string, unknown>>;
  readonly execution: { readonly name: string };
  readonly taskToken?: string;
}

const work = own as unknown as (event: WorkEvent, context: Context) => Promise<unknown>;

/**
 * The handler of a step of a saga with `claimCheck`: it gets the input and the results whole, and what it returns is left in
 * the bucket where it has more than its share. A compensation has no share: nothing reads what it returns.
 */
export async function handler(event: WorkEvent, context: Context): Promise<unknown> {
  const bucket = process.env.SAGA_CLAIMS!;
  const step = process.env.SAGA_CLAIMS_STEP;
  // A resumed saga is another execution of the same transaction.
  const saga = event.execution.name.replace(/-resume-\d+$/, '');
  const result = await work(await whole(event, saga, bucket), context);
  if (step === undefined || event.taskToken !== undefined) return undefined;
  const json = JSON.stringify(result ?? null);
  if (sizeOf(json) <= Number(process.env.SAGA_CLAIMS_BYTES)) return result;
  try {
    return await leave(bucket, `${step}/${saga}/`, json);
  } catch (error) {
    // The work is done, and its result lost: to call this a refusal would leave it done.
    const message = `The result could not be left in the bucket: ${String(error)}`;
    throw Object.assign(new Error(message, { cause: error }), { name: 'Saga.OutcomeUnknown' });
  }
}

/** The event with all that was left in the bucket. Where it cannot be had, nothing was done yet. */
async function whole(event: WorkEvent, saga: string, bucket: string): Promise<WorkEvent> {
  const own = (key: string): string => {
    // Who starts a saga may write any key into its input: what other sagas left is none of its business.
    if (key.startsWith(KEYS.answers) || key.split('/')[1] === saga) return key;
    throw new Error(`'${key}' was left by another saga`);
  };
  const taken = async (value: unknown): Promise<unknown> => {
    const key = claimIn(value);
    return key === undefined ? value : take(bucket, own(key));
  };
  const all = async (result: unknown): Promise<unknown> => {
    const manifest = claimIn(result, RESULTS);
    return eachOf(manifest === undefined ? result : await takeResults(bucket, own(manifest)), taken);
  };
  const [input, ...results] = await Promise.all([
    taken(event.input),
    ...Object.entries(event.results).map(async ([name, result]) => [name, await all(result)]),
  ]);
  return { ...event, input, results: Object.fromEntries(results) };
}

/** Of a step for each item the results stand beside the items' places. */
async function eachOf(result: unknown, taken: (value: unknown) => Promise<unknown>): Promise<unknown> {
  if (!Array.isArray(result)) return taken(result);
  return Promise.all(
    result.map(async (one: unknown) =>
      typeof one === 'object' && one !== null && 'result' in one ? { ...one, result: await taken(one.result) } : one,
    ),
  );
}
