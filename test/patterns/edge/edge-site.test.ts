import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { EdgeSite, EdgeStore, type EdgeSiteArgs } from 'lintel/edge';
import { type EdgeRun, runEdgeLocally } from 'lintel/testing';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

const files = 'test/patterns/edge/site';
const site = (args: Partial<EdgeSiteArgs> = {}) => new EdgeSite('web', { files, ...args });

test('creates a Worker with its files', async () => {
  const graph = await graphOf(() => void site());
  expect(created(graph)).toEqual(['WorkersScript web-worker', 'WorkersScriptSubdomain web-workers-dev']);
  expect(resource(graph, 'web-worker').inputs).toMatchObject({
    assets: { directory: files, config: { notFoundHandling: '404-page' } },
    bindings: [{ name: 'ASSETS', type: 'assets' }],
  });
  expect(alarm(graph)).toMatchSnapshot();
});

test('refuses a site that was not built', async () => {
  expect(await refusal(() => site({ files: 'dist/none' }))).toEqual([
    "'files' must be a directory with files, got 'dist/none'; build the site first (web)",
  ]);
});

test('refuses a file that the platform does not take', async () => {
  const large = '.cache/test/large-site';
  rmSync(large, { recursive: true, force: true });
  mkdirSync(`${large}/video`, { recursive: true });
  writeFileSync(`${large}/video/intro.mp4`, '');
  truncateSync(`${large}/video/intro.mp4`, 26_214_401);
  expect(await refusal(() => site({ files: large }))).toEqual([
    "'files' must have files of at most 26214400 bytes, got 'video/intro.mp4'; keep it in an EdgeBucket (web)",
  ]);
});

test.each<[Partial<EdgeSiteArgs>, string]>([
  [{ handlerFirst: ['/api/*'] }, "'handlerFirst' must come with a 'handler' and name at least one path for it"],
  [{ handler, handlerFirst: ['!/static/*'] }, "'handlerFirst' must come with a 'handler'"],
  [{ handler, handlerFirst: ['/api/*', 'images'] }, "'handlerFirst' must hold paths, with a ! before at most"],
  [{ handler, notFound: '404-page' }, "'notFound' must be 'none' with a 'handler' that renders pages"],
  [{ environment: { ASSETS: '' } }, "'access' must leave the name ASSETS to the files"],
])('refuses %j', async (args, message) => {
  expect(await refusal(() => site(args))).toEqual([expect.stringContaining(message)]);
});

describe('locally', () => {
  let run: EdgeRun;
  beforeAll(async () => {
    run = await runEdgeLocally(
      () => {
        site();
        new EdgeSite('app', {
          files,
          handler: 'test/patterns/edge/workers/site.ts',
          handlerFirst: ['/notes.txt'],
          access: { CACHE: new EdgeStore('cache').readWrite() },
        });
      },
      { config: { 'cloudflare:accountId': 'account' } },
    );
  });
  afterAll(() => run.stop());

  const get = async (worker: string, path: string) => {
    const answer = await fetch(new URL(path, run.worker(worker).url));
    return `${answer.status} ${(await answer.text()).trim()}`;
  };

  test('files answer, and the page for what is not there', async () => {
    expect(await get('web', '/')).toBe('200 <h1>Home</h1>');
    expect(await get('web', '/notes.txt')).toBe('200 All rights reserved.');
    expect(await get('web', '/none')).toBe('404 <h1>Lost</h1>');
  });

  test('the handler answers what no file does, and what it is put before', async () => {
    expect(await get('app', '/')).toBe('200 <h1>Home</h1>');
    expect(await get('app', '/page')).toBe('200 <h1>Head</h1><p>Body</p>');
    expect(await get('app', '/notes.txt')).toBe('200 from the handler: All rights reserved.');
  });

  test('a page arrives while it is still being rendered', async () => {
    const answer = await fetch(new URL('/page', run.worker('app').url));
    const reader = answer.body!.getReader();
    const started = performance.now();
    const first = await reader.read();
    expect(Buffer.from(first.value).toString()).toBe('<h1>Head</h1>');
    while (!(await reader.read()).done);
    expect(performance.now() - started).toBeGreaterThan(100);
  });
});
