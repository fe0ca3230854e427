import { buildSync } from 'esbuild';
import { handlersOf } from '../../lib/edge/handlers-of';

const bundled = (source: string) =>
  buildSync({
    stdin: { contents: source, loader: 'ts', resolveDir: '.' },
    bundle: true,
    write: false,
    format: 'esm',
    keepNames: true,
    external: ['cloudflare:*', 'hono'],
  }).outputFiles[0]!.text;

test.each<[string, readonly string[] | undefined]>([
  ['export default { fetch: () => new Response("queue: ,") }', ['fetch']],
  [
    'export default { async fetch(request, env) { return { queue: 1, a: [1, 2] } }, "queue": async () => {} };',
    ['fetch', 'queue'],
  ],
  ['const fetch = () => new Response(); export default { fetch, scheduled() {} }', ['fetch', 'scheduled']],
  ['export default { fetch() { return `};\n  queue() {} ${`a${{ queue: 1 }.queue}`} }` }, }', ['fetch']],
  ['export default { fetch: () => /[}/]};\\/queue: {/.test("a") ? 1 / 2 : 3 / 4, tail() {} }', ['fetch', 'tail']],
  ['const handler = { queue() { /* } */ } }; export default handler satisfies object;', ['queue']],
  ['export default {}', []],
  ['const more = { queue() {} }; export default { fetch() {}, ...more }', undefined],
  ['const name = "queue"; export default { fetch() {}, [name]() {} }', undefined],
  ['import { Hono } from "hono"; const app = new Hono(); export default app;', undefined],
  ['export default (() => ({ fetch() {} }))()', undefined],
  [
    'import { WorkerEntrypoint } from "cloudflare:workers"; export default class extends WorkerEntrypoint { scheduled = () => {}; async fetch() { return { queue() {} } } }',
    ['scheduled', 'fetch'],
  ],
  ['class Base { queue() {} } export default class extends Base { fetch() {} }', undefined],
  ['export const a = 1;', undefined],
])('of %j', (source, handlers) => {
  const found = handlersOf(bundled(source));
  expect(found?.filter((name) => !['static', 'constructor', '__publicField'].includes(name))).toEqual(handlers);
});
