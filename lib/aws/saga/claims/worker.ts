import type { Context } from 'aws-lambda';
import { handler as own } from 'lintel:handler';
import { sizeOf } from '../../../runtime/saga-claims';
import { leave } from './bucket';
import { type Carried, sagaOf, whole } from './whole';

/** What is read here of the event of an action or a compensation. */
interface WorkEvent extends Carried {
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
  const saga = sagaOf(event.execution);
  // Where something of it cannot be had, nothing was done yet.
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
