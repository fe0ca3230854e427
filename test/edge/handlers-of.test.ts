import { buildSync } from 'esbuild';
import { basesOf, handlersOf } from '../../lib/edge/handlers-of';

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
  ['export const a = 1;', []],
  ['', []],
  ['export default async () => new Response()', []],
  ['export default function fetch() {}', []],
  ['module.exports = { fetch() {} }', undefined],
])('of %j', (source, handlers) => {
  const found = handlersOf(bundled(source));
  expect(found?.filter((name) => !['static', 'constructor', '__publicField'].includes(name))).toEqual(handlers);
});

test.each<[string, Readonly<Record<string, string | undefined>>]>([
  ['export class A extends WorkerEntrypoint {}', { A: 'WorkerEntrypoint' }],
  ['export class A extends WorkerEntrypoint<{ x: 1 }> { static y = 1 }', { A: 'WorkerEntrypoint' }],
  ['class B extends DurableObject {} class A extends B {} export { A as C }', { C: 'DurableObject' }],
  ['export default class extends WorkerEntrypoint {}', { default: 'WorkerEntrypoint' }],
  ['const A = class extends Entry {}; export { A, A as B };', { A: 'WorkerEntrypoint', B: 'WorkerEntrypoint' }],
  ['const A = class extends Entry {}; const B = A; export { B };', { B: 'WorkerEntrypoint' }],
  [
    'export class A {} export function b() {} export async function c() {} export const d = { fetch() {} }; export const e = () => 1;',
    {
      A: 'nothing',
      b: 'nothing',
      c: 'no class',
      d: 'no class',
      e: 'no class',
    },
  ],
  [
    'export class A { fetch() {} } export class B { constructor() { this.fetch = go; } } export function C() { this.fetch = go; } export const D = class { fetch = go }; function go() {}',
    { A: 'nothing', B: 'nothing', C: 'nothing', D: 'nothing' },
  ],
  [
    'export class A { text = `}fetch: ${"}"}`.length } export function B() {} B.prototype.fetch = () => 1; class E {} export class F extends E { fetch() {} } export const G = function (base) { return base; }(DurableObject); export function* C() {} export class D { go() { return "}" } /* } */ fetch() {} }',
    { A: 'nothing', B: 'nothing', C: 'no class', D: 'nothing', F: 'nothing', G: undefined },
  ],
  [
    'const mixed = (Base) => class extends Base {}; export class A extends mixed(WorkerEntrypoint) {}',
    { A: undefined },
  ],
  ['import { Hono } from "hono"; export class A extends Hono {}', { A: undefined }],
  ['class WorkerEntrypointX {} export class A extends WorkerEntrypointX {}', { A: 'nothing' }],
])('what exports are classes of: %j', (source, bases) => {
  const imports = 'import { DurableObject, WorkerEntrypoint, WorkerEntrypoint as Entry } from "cloudflare:workers";';
  expect(basesOf(bundled(`${imports}\n${source}`))).toEqual(bases);
});
