import { DATA_LIMIT } from '../outcome';
import type { ParkedSaga, SagaData } from '../parked';
import { leave } from './bucket';
import { KEYS, LEAST } from './claim';

/**
 * The message of a parked saga, fit for a queue: what makes it too large is stored in the bucket, largest first; without
 * a bucket it is in the execution's own history, for 90 days.
 */
export async function fitting(message: ParkedSaga, bucket: string | undefined): Promise<ParkedSaga> {
  const { data, name, execution } = message;
  const named = bucket === undefined ? message : { ...message, claims: bucket };
  if ('inHistoryOf' in data || sizeOf(data) <= DATA_LIMIT) return named;
  if (bucket === undefined) return { ...message, data: { inHistoryOf: execution } };
  const prefix = `${KEYS.parked}${name.replace(/-resume-\d+$/, '')}/`;
  const draft = structuredClone(data) as Draft;
  const parts = partsOf(draft)
    .filter(({ value }) => sizeOf(value) > LEAST)
    .sort((a, b) => sizeOf(b.value) - sizeOf(a.value));
  for (const { value, put } of parts) {
    if (sizeOf(draft) <= DATA_LIMIT) break;
    put(await leave(bucket, prefix, JSON.stringify(value)));
  }
  return { ...named, data: sizeOf(draft) <= DATA_LIMIT ? draft : { inHistoryOf: execution } };
}

type Draft = { -readonly [K in keyof SagaData]: SagaData[K] } & { results: Record<string, unknown> };

/** What can be stored: the input, and each result. Lists stay, since they say what is undone for each item. */
function partsOf(data: Draft): { readonly value: unknown; readonly put: (claim: unknown) => void }[] {
  const { results } = data;
  return [
    { value: data.input, put: (claim) => (data.input = claim) },
    ...Object.entries(results).flatMap(([name, result]) =>
      name in data.items && Array.isArray(result)
        ? (result as { result: unknown }[]).map((one) => ({
            value: one.result,
            put: (claim: unknown) => void (one.result = claim),
          }))
        : [{ value: result, put: (claim: unknown) => (results[name] = claim) }],
    ),
  ];
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value ?? null));
}
