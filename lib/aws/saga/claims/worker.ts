import type { Context } from 'aws-lambda';
import { handler as own } from 'lintel:handler';
import { sizeOf } from '../../../runtime/saga-claims';
import { leave } from './bucket';
import { type Carried, sagaOf, whole } from './whole';

/** The fields used from the event of an action or a compensation. */
interface WorkEvent extends Carried {
  readonly execution: { readonly name: string };
  readonly taskToken?: string;
}

const work = own as unknown as (event: WorkEvent, context: Context) => Promise<unknown>;

/**
 * The handler of a step in a saga with `claimCheck`: it gets input and results whole, and a result larger than its
 * share is stored in the bucket. A compensation has no share: its result is not read.
 */
export async function handler(event: WorkEvent, context: Context): Promise<unknown> {
  const bucket = process.env.SAGA_CLAIMS!;
  const step = process.env.SAGA_CLAIMS_STEP;
  const saga = sagaOf(event.execution);
  // If fetching fails, nothing has been done yet.
  const result = await work(await whole(event, saga, bucket), context);
  if (step === undefined || event.taskToken !== undefined) return undefined;
  const json = JSON.stringify(result ?? null);
  if (sizeOf(json) <= Number(process.env.SAGA_CLAIMS_BYTES)) return result;
  try {
    return await leave(bucket, `${step}/${saga}/`, json);
  } catch (error) {
    // The work is done, and its result lost: treating this as a refusal would not undo it.
    const message = `The result could not be stored in the bucket: ${String(error)}`;
    throw Object.assign(new Error(message, { cause: error }), { name: 'Saga.OutcomeUnknown' });
  }
}
