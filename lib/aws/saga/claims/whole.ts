import { take, takeResults } from './bucket';
import { claimIn, KEYS, RESULTS } from './claim';

/** What a saga carries, parts of which may be in the bucket. */
export interface Carried {
  readonly input: unknown;
  readonly results: Readonly<Record<string, unknown>>;
}

/**
 * The part of an execution's name used in the keys of what the saga stores. A resumed saga is another execution of the
 * same transaction.
 */
export function sagaOf({ name }: { readonly name: string }): string {
  return name.replace(/-resume-\d+$/, '');
}

/**
 * What a saga carries, with everything stored in the bucket fetched.
 * @param saga the owner; see `sagaOf`
 * @throws Error when part of it cannot be fetched, or belongs to another saga
 */
export async function whole<T extends Carried>(event: T, saga: string, bucket: string): Promise<T> {
  const own = (key: string): string => {
    // Whoever starts a saga may put any key into its input, but must not read other sagas' objects.
    if (key.startsWith(KEYS.answers) || key.split('/')[1] === saga) return key;
    throw new Error(`'${key}' was stored by another saga`);
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
  return { ...event, input, results: Object.fromEntries(results as [string, unknown][]) };
}

/** For an `each` step, the results are stored alongside the items' indexes. */
async function eachOf(result: unknown, taken: (value: unknown) => Promise<unknown>): Promise<unknown> {
  if (!Array.isArray(result)) return taken(result);
  return Promise.all(
    result.map(async (one: unknown) =>
      typeof one === 'object' && one !== null && 'result' in one ? { ...one, result: await taken(one.result) } : one,
    ),
  );
}
