import jsonata from 'jsonata';
import { inner } from '../expressions';
import { TOO_LARGE } from '../outcome';
import { fits, type SagaState } from './state';

/** Whether a step is wanted. */
export async function isWanted(when: string, state: SagaState): Promise<boolean> {
  return (await evaluate(`(${inner(when)}) = true`, state)) === true;
}

/**
 * The list of a step.
 * @throws Error when the expression fails, or the list is too long or too large
 */
export async function listOf(items: string, most: number, state: SagaState): Promise<readonly unknown[]> {
  const list = JSON.parse(JSON.stringify(await evaluate(`[${inner(items)}]`, state))) as unknown[];
  if (list.length > most) throw new Error(`more than ${most} items`);
  if (!fits([state.input, state.results, state.items, list])) throw new Error(TOO_LARGE);
  return list;
}

function evaluate(source: string, { input, results, key }: SagaState): Promise<unknown> {
  return jsonata(source).evaluate(undefined, { input, results, key }) as Promise<unknown>;
}
