import { replays } from 'lintel/runtime';

const customers = replays('REPLAY');

/** `{}` has the customers catch up with all events, `{ ids }` with those of some orders; `{ name }` tells how far one is. */
export async function handler({ ids, name }: { readonly ids?: readonly string[]; readonly name?: string }) {
  if (name !== undefined) return customers.progress(name);
  return { name: await (ids === undefined ? customers.start() : customers.repair({ ids })) };
}
