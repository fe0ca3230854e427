import { type Match, NearestIndex } from '../../examples/edge/similar/workers/nearest';

/** The same in JavaScript, on the same bytes. */
function nearest(rows: Int8Array, count: number, length: number, vector: Int8Array, most: number): Match[] {
  const best: { row: number; score: number }[] = [];
  for (let row = 0; row < count; row++) {
    let score = 0;
    for (let i = 0, at = row * length; i < length; i++, at++) score += rows[at]! * vector[i]!;
    if (best.length === most && score <= best[most - 1]!.score) continue;
    let place = best.length < most ? best.length : most - 1;
    for (; place > 0 && best[place - 1]!.score < score; place--) best[place] = best[place - 1]!;
    best[place] = { row, score };
  }
  return best.map(({ row, score }) => ({ row, likeness: score / 127 ** 2 }));
}

interface Held {
  readonly rows: Int8Array;
  readonly index: NearestIndex;
}

const held = new Map<string, Held>();

/** `/wasm` or `/js`, with `count`, `length` and `rounds`: answers with the last result. */
export default {
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const [count, length, rounds] = ['count', 'length', 'rounds'].map((name) => Number(searchParams.get(name)));
    const { rows, index } = indexOf(count!, length!);
    const search = (row: number) =>
      pathname === '/wasm'
        ? index.search(rows.subarray(row * length!, (row + 1) * length!), 10)
        : nearest(rows, count!, length!, rows.subarray(row * length!, (row + 1) * length!), 10);
    let last: Match[] = [];
    for (let round = 0; round < rounds!; round++) last = search(round % count!);
    return Response.json(last);
  },
} satisfies ExportedHandler;

function indexOf(count: number, length: number): Held {
  const key = `${count}x${length}`;
  const known = held.get(key);
  if (known) return known;
  const rows = Int8Array.from({ length: count * length }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 24) - 128);
  const made = { rows, index: new NearestIndex(length, rows) };
  held.set(key, made);
  return made;
}
