import type { CompensationEvent } from '../../../lib/runtime';

interface Wanted {
  /** Letters that a step returns. */
  readonly returns?: Readonly<Record<string, number>>;
  readonly fails?: readonly string[];
  readonly letters?: string;
  readonly takes?: Readonly<Record<string, number>>;
}

/** What is too large to be shown, as its length. */
const short = (value: unknown): unknown => {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.map(short);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, short(inner)]));
};

/** An action or a compensation that says what it got, and does as its input says. */
export async function handler(event: CompensationEvent<Wanted, Record<string, unknown>>): Promise<unknown> {
  const { input, results, idempotencyKey: key, taskToken, item } = event;
  const did = key.split(':').slice(1).join(':');
  const letters = input.letters?.length;
  process.stdout.write(
    `${JSON.stringify({ of: key, did, letters, taskToken, item: short(item), results: short(results) })}\n`,
  );
  await new Promise((resolve) => setTimeout(resolve, input.takes?.[did] ?? 0));
  if (input.fails?.includes(did)) throw Object.assign(new Error('no'), { name: 'Refused' });
  return 'x'.repeat(input.returns?.[did.split(':')[0]!] ?? 1);
}
