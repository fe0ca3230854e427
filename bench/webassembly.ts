/** What WebAssembly gains a Worker: the search of examples/edge/similar in the Workers runtime, and the same in JavaScript. */
import path from 'node:path';
import { buildSync } from 'esbuild';
import { Miniflare } from 'miniflare';
import { fasterBy, type Result } from './measure';

const ROUNDS = 7;

export async function run(): Promise<Result[]> {
  const { outputFiles } = buildSync({
    entryPoints: ['bench/workers/nearest.ts'],
    outdir: '.cache/bench/nearest',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    write: false,
  });
  const modules = outputFiles
    .map(({ path: file, contents }) => ({
      type: file.endsWith('.wasm') ? ('CompiledWasm' as const) : ('ESModule' as const),
      path: path.basename(file),
      contents,
    }))
    .sort((a) => (a.type === 'ESModule' ? -1 : 1));
  const engine = new Miniflare({ modules, compatibilityDate: '2026-04-01' });
  try {
    const url = await engine.ready;
    const results: Result[] = [];
    for (const [count, length, rounds] of [
      [10_000, 384, 40],
      [10_000, 64, 200],
      [200, 384, 2_000],
    ] as const) {
      const query = `count=${count}&length=${length}&rounds=${rounds}`;
      const ask = (engineOf: string) => timeOf(new URL(`/${engineOf}?${query}`, url));
      const times = await inTurns(
        () => ask('wasm'),
        () => ask('js'),
      );
      const each = { ours: times.ours / rounds, theirs: times.theirs / rounds };
      results.push({
        name: `search of ${count} vectors of ${length} in WebAssembly / in JavaScript`,
        ...each,
        goal: fasterBy(3),
      });
    }
    return results;
  } finally {
    await engine.dispose();
  }
}

/** By the clock, from outside: a Worker's own stands still while it works. */
async function timeOf(url: URL): Promise<number> {
  const start = performance.now();
  await (await fetch(url)).text();
  return performance.now() - start;
}

async function inTurns(ours: () => Promise<number>, theirs: () => Promise<number>) {
  // The first turn does not count.
  await ours();
  await theirs();
  const times: { readonly ours: number; readonly theirs: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push({ ours: await ours(), theirs: await theirs() });
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return { ours: median(times.map((time) => time.ours)), theirs: median(times.map((time) => time.theirs)) };
}
