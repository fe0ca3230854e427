import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type EdgeRun, runEdgeLocally } from 'lintel/testing';
import { similar } from '../../../../examples/edge/similar/similar';
import { inDirectory } from '../in-directory';

const example = 'examples/edge/similar';
const COUNT = 300;
/** No multiple of sixteen, so that the end of a vector is compared too. */
const LENGTH = 37;
const MOST_LIKE = 12;

/** The same numbers each time. */
const rows = Int8Array.from({ length: COUNT * LENGTH }, (_, index) => ((index * 2_654_435_761) >>> 24) - 128);

function fileOf(count: number, length: number, vectors: Int8Array): Uint8Array {
  return Buffer.concat([Buffer.from(new Uint32Array([count, length]).buffer), Buffer.from(vectors.buffer)]);
}

/** The same, said plainly. */
function expected(vector: Int8Array, most: number, but = -1) {
  return Array.from({ length: COUNT }, (_, row) => ({
    row,
    likeness: vector.reduce((sum, component, i) => sum + component * rows[row * LENGTH + i]!, 0) / 127 ** 2,
  }))
    .filter(({ row }) => row !== but)
    .sort((a, b) => b.likeness - a.likeness || a.row - b.row)
    .slice(0, most);
}

/** Types of Node.js leave it out. */
interface Engine {
  readonly WebAssembly: {
    readonly Module: {
      new (bytes: Uint8Array): object;
      customSections(module: object, name: string): readonly ArrayBuffer[];
      imports(module: object): readonly unknown[];
    };
  };
}

test('the built module is of this source, and asks for nothing', () => {
  const { Module } = (globalThis as unknown as Engine).WebAssembly;
  const module = new Module(readFileSync(`${example}/native/nearest.wasm`));
  const [source] = Module.customSections(module, 'source');
  const hash = createHash('sha256')
    .update(readFileSync(`${example}/native/nearest.c`))
    .digest('hex');
  expect(`${Buffer.from(source!).toString()}: node native/build.mjs`).toBe(`${hash}: node native/build.mjs`);
  expect(Module.imports(module)).toEqual([]);
});

describe('running locally', () => {
  let run: EdgeRun;
  beforeAll(async () => {
    run = await inDirectory(example, () =>
      runEdgeLocally(similar, { config: { 'cloudflare:accountId': 'account' }, onLog: () => undefined }),
    );
  });
  afterAll(() => run.stop());

  const ask = async (path: string, vector?: unknown) => {
    const request = vector === undefined ? {} : { method: 'POST', body: JSON.stringify(vector) };
    const answer = await run.worker('api').fetch(path, request);
    return answer.ok ? ((await answer.json()) as unknown) : answer.status;
  };

  test('there is no answer before there is an index, and then that of plain arithmetic', async () => {
    expect(await ask('/similar/0')).toBe(500);
    await run.bucket('vectors').put('index.bin', fileOf(COUNT, LENGTH + 1, rows));
    expect(await ask('/similar/0')).toBe(500);
    await run.bucket('vectors').put('index.bin', fileOf(COUNT, LENGTH, rows));
    for (const row of [0, 7, COUNT - 1]) {
      const own = rows.subarray(row * LENGTH, (row + 1) * LENGTH);
      expect(await ask(`/similar/${row}?most=${MOST_LIKE}`)).toEqual(expected(own, MOST_LIKE, row));
    }
  });

  test('a vector of the caller is compared in its direction', async () => {
    const vector = Array.from({ length: LENGTH }, (_, i) => Math.sin(i) * 1e6);
    const size = Math.hypot(...vector);
    const scaled = Int8Array.from(vector, (component) => Math.round((component / size) * 127));
    expect(await ask('/similar', vector)).toEqual(expected(scaled, 10));
    expect(await ask('/similar?most=99', Array(LENGTH).fill(0))).toEqual(expected(new Int8Array(LENGTH), 99));
  });

  test('refuses what is no vector, no number and no row', async () => {
    for (const vector of [[1, 2], 'text', Array(LENGTH).fill('1')]) expect(await ask('/similar', vector)).toBe(400);
    for (const most of ['0', '100', '1.5', 'x']) expect(await ask(`/similar/0?most=${most}`)).toBe(400);
    for (const path of [`/similar/${COUNT}`, '/similar/-1', '/similar/', '/']) expect(await ask(path)).toBe(404);
  });
});
