import { evaluate, itemsOf } from '../evaluate';
import { inner } from '../expressions';
import { TOO_LARGE } from '../outcome';
import { fits, type SagaState } from './state';

/** Whether a step's condition holds. */
export async function isWanted(when: string, state: SagaState): Promise<boolean> {
  return (await evaluate(`(${inner(when)}) = true`, state)) === true;
}

/**
 * The list of a step.
 * @throws Error when the expression fails, or the list is too long or too large
 */
export async function listOf(items: string, most: number, state: SagaState): Promise<readonly unknown[]> {
  const list = await itemsOf(inner(items), most, state);
  if (!fits([state.input, state.results, state.items, list])) throw new Error(TOO_LARGE);
  return list;
}
