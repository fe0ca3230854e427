import jsonata from 'jsonata';

/** What a saga's expressions can read when no state machine evaluates them. */
export interface Readable {
  readonly key: string;
  readonly input: unknown;
  readonly results: Readonly<Record<string, unknown>>;
}

/**
 * Evaluates an expression.
 * @param source JSONata without its marks
 * @throws Error when it fails
 */
export function evaluate(source: string, { input, results, key }: Readable): Promise<unknown> {
  return jsonata(source).evaluate(undefined, { input, results, key }) as Promise<unknown>;
}

/**
 * The items of a list.
 * @param source JSONata without its marks
 * @param most maximum number of items
 * @throws Error when the expression fails, or the list is too long
 */
export async function itemsOf(source: string, most: number, data: Readable): Promise<readonly unknown[]> {
  const list = JSON.parse(JSON.stringify(await evaluate(`[${source}]`, data))) as unknown[];
  if (list.length > most) throw new Error(`more than ${most} items`);
  return list;
}
