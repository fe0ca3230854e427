import fs, { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as cloudflare from '@pulumi/cloudflare';
import { EdgeSite, EdgeStore, type EdgeSiteArgs } from 'lintel/edge';
import { readSite, stage } from '../../../lib/edge/site/site-files';
import { type EdgeRun, runEdgeLocally } from 'lintel/testing';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

const files = 'test/patterns/edge/site';
const named = (name: string, args: EdgeSiteArgs) => new EdgeSite(name, args);
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
  [{ handler, handlerFirst: ['/api/*', 'images'] }, "'handlerFirst' must be paths, optionally with a leading !"],
  [{ handler, notFound: '404-page' }, "'notFound' must be 'none' with a 'handler' that renders pages"],
  [{ handler, modules: { '.tar.gz': 'data' } }, "'modules' must be for file extensions other than those of code"],
  [{ environment: { ASSETS: '' } }, "'access' must not be named ASSETS, which is the binding of the files"],
])('refuses %j', async (args, message) => {
  expect(await refusal(() => site(args))).toEqual([expect.stringContaining(message)]);
});

/** A directory of static files with exactly these. */
function folder(name: string, contents: Readonly<Record<string, string>>): string {
  const root = `.cache/test/${name}`;
  rmSync(root, { recursive: true, force: true });
  for (const [file, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  return root;
}

const RULES = {
  _headers:
    '/*\n  X-Frame-Options: DENY\n  Content-Security-Policy: self\n  CDN-Cache-Control: max-age=60\n/own\n  ! X-Frame-Options\n',
  _redirects: '/old /notes.txt 301\n',
  '.assetsignore': 'drafts/\n_worker.js\n',
  'drafts/next.html': 'not yet',
  '_worker.js/index.js': 'export default {}',
  '.well-known/security.txt': 'Contact: us',
  'index.html': '<h1>Home</h1>',
  'notes.txt': 'All rights reserved.',
};

test('publishes what is left, with the rules in its configuration', async () => {
  const graph = await graphOf(() => void site({ files: folder('ruled', RULES) }));
  const { assets } = resource(graph, 'web-worker').inputs as { assets: { directory: string; config: object } };
  expect(assets.config).toMatchObject({ headers: RULES._headers, redirects: RULES._redirects });
  expect(assets.directory).toMatch(/^\.lintel\/shop-test-web\/files-[0-9a-f]{16}$/);
  expect([...readdirSync(assets.directory, { recursive: true })].sort()).toEqual([
    '.well-known',
    '.well-known/security.txt',
    'index.html',
    'notes.txt',
  ]);
});

test('takes the files that another program has staged in the meantime', async () => {
  const root = folder('raced', RULES);
  const { renameSync } = fs;
  rmSync('.lintel/shop-test-raced', { recursive: true, force: true });
  const rename = jest.spyOn(fs, 'renameSync').mockImplementationOnce((from, to) => {
    cpSync(String(from), String(to), { recursive: true });
    renameSync(from, to);
  });
  let staged = '';
  await graphOf(() => void (staged = stage('raced', readSite(root))));
  expect(rename).toHaveBeenCalledTimes(1);
  expect(readdirSync(dirname(staged))).toEqual([basename(staged)]);
  rename.mockRestore();
});

test('refuses to publish what is not for browsers, and rules that the platform would leave out', async () => {
  const root = folder('unfit', {
    'index.html': '',
    '.env': 'KEY=secret',
    '.git/config': '',
    '_worker.js/index.js': '',
    'wrangler.json': '{}',
    'app/server.ts': 'export default { fetch: () => new Response() };',
    _headers: '/*\n  X-A 1\n',
    _redirects: '/old /new 700\n',
  });
  symlinkSync(dirname(root), join(root, 'linked'));
  const remedy = `name it in ${root}/.assetsignore, or build elsewhere (web)`;
  expect(await refusal(() => site({ files: root, handler: `${root}/app/server.ts` }))).toEqual([
    `'files' must not publish a hidden file, got '.env'; ${remedy}`,
    `'files' must not publish a hidden file, got '.git/config'; ${remedy}`,
    `'files' must not publish server code, got '_worker.js/index.js'; ${remedy}`,
    `'files' must not publish server code, got 'app/server.ts'; ${remedy}`,
    `'files' must not publish a link to a folder, got 'linked'; ${remedy.replace(' (web)', ' (and 1 more like it) (web)')}`,
    "'files' has a line that must be a header and its value, got '_headers:2'; write 'X-Frame-Options: DENY', for instance (web)",
    "'files' has a line that must have headers below the path, got '_headers:1'; write one or delete the path (web)",
    "'files' has a line that must have a status of 200, 301, 302, 303, 307, 308, got '_redirects:1'; write '301', for instance (web)",
  ]);
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
        const ruled = folder('ruled-run', RULES);
        named('ruled', { files: ruled });
        named('rendered', { files: ruled, handler: 'test/patterns/edge/workers/site.ts' });
        named('classes', { files: ruled, handler: 'test/patterns/edge/workers/site-class.ts' });
        // As the provider takes it, without a component: every file of the folder, and no rule of it.
        new cloudflare.WorkersScript('raw', {
          accountId: 'account',
          scriptName: 'raw',
          mainModule: 'index.js',
          content: 'export default { fetch: () => new Response("rendered") }',
          assets: { directory: ruled, config: { headers: '/notes.txt\n  X-Raw: yes' } },
        });
        new cloudflare.WorkersScript('first', {
          accountId: 'account',
          scriptName: 'first',
          mainModule: 'index.js',
          content: 'export default { fetch: () => new Response("rendered") }',
          assets: { directory: ruled, config: { serveDirectly: false } },
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

  const headers = async (worker: string, path: string) => {
    const { status, headers } = await run.worker(worker).fetch(path);
    return `${status} ${headers.get('x-frame-options')} ${headers.get('content-security-policy')}`;
  };

  test('rules hold for files, and what is left out or a rule itself is not there', async () => {
    expect(await headers('ruled', '/notes.txt')).toBe('200 DENY self');
    const moved = await run.worker('ruled').fetch('/old');
    expect([moved.status, moved.headers.get('location')]).toEqual([301, '/notes.txt']);
    for (const path of ['/_headers', '/_redirects', '/.assetsignore', '/drafts/next', '/_worker.js/index.js'])
      expect(await headers('ruled', path)).toMatch(/^404 /);
  });

  test('headers are set in code on what the handler renders, where it does not set them itself', async () => {
    expect(await headers('rendered', '/page')).toBe('200 DENY self');
    expect(await headers('rendered', '/notes.txt')).toBe('200 DENY self');
    expect(await headers('classes', '/page')).toBe('201 SAMEORIGIN self');
    expect(await headers('classes', '/own')).toBe('201 SAMEORIGIN self');
    const kept = async (worker: string) =>
      (await fetch(new URL('/page', run.worker(worker).url))).headers.get('cdn-cache-control');
    expect([await kept('rendered'), await kept('classes')]).toEqual(['max-age=60', null]);
  });

  test('a folder is deployed as it is by a program that says no more, and the run shows it', async () => {
    const text = async (path: string) => {
      const answer = await run.worker('raw').fetch(path);
      return [await answer.text(), answer.headers.get('x-raw'), answer.headers.get('x-frame-options')];
    };
    expect(await text('/_headers')).toEqual([RULES._headers, null, null]);
    expect(await text('/.assetsignore')).toEqual([RULES['.assetsignore'], null, null]);
    expect(await text('/drafts/next')).toEqual(['not yet', null, null]);
    expect(await text('/notes.txt')).toEqual([RULES['notes.txt'], 'yes', null]);
    expect(await text('/old')).toEqual(['rendered', null, null]);
    expect(await get('first', '/notes.txt')).toBe('200 rendered');
  });

  test('files come first for a request of the run, too', async () => {
    const answer = await run.worker('app').fetch('https://shop.example.com/', { cf: { country: 'CH' } });
    expect((await answer.text()).trim()).toBe('<h1>Home</h1>');
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
