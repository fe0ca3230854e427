import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as pulumi from '@pulumi/pulumi';
import { EdgeSite, type EdgeSiteArgs } from 'lintel/edge';
import { type EdgeRun, runEdgeLocally } from 'lintel/testing';
import { HTML_HANDLING, pageAddress } from '../../../lib/edge/site/html-handling';
import { created, graphOf, refusal, resource } from './support';

const folder = (name: string, contents: Readonly<Record<string, string>>): string => {
  const root = `.cache/test/site-settings/${name}`;
  rmSync(root, { recursive: true, force: true });
  for (const [file, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  return root;
};

const PAGES = {
  'index.html': 'home',
  'about.html': 'about',
  'docs/index.html': 'docs',
  'both.html': 'both',
  'both/index.html': 'both as folder',
  '404.html': 'lost',
  'assets/app-B7f2k9Qz.js': 'app',
  '_astro/page.B7f2k9Qz.js': 'page',
};
const zoneId = 'zone';
const domain = { hostname: 'example.com', zoneId };

describe('domains', () => {
  const args = (): EdgeSiteArgs => ({
    files: folder('domains', PAGES),
    domain,
    aliases: ['shop.example.com'],
    redirectFrom: ['www.example.com', { hostname: 'example.org', zoneId: 'other' }],
  });

  test('an alias answers as the site does, and a Worker of their own leads the others there', async () => {
    const graph = await graphOf(() => void new EdgeSite('web', args()));
    expect(created(graph)).toEqual([
      'WorkersCustomDomain web-alias-shop-example-com',
      'WorkersCustomDomain web-domain',
      'WorkersCustomDomain web-redirect-example-org',
      'WorkersCustomDomain web-redirect-www-example-com',
      'WorkersScript web-redirect-worker',
      'WorkersScript web-worker',
      'WorkersScriptSubdomain web-redirect-workers-dev',
      'WorkersScriptSubdomain web-workers-dev',
    ]);
    const domains = graph.resources.filter(({ type }) => type.endsWith('WorkersCustomDomain'));
    expect(domains.map(({ inputs }) => `${String(inputs.hostname)} ${String(inputs.zoneId)}`).sort()).toEqual([
      'example.com zone',
      'example.org other',
      'shop.example.com zone',
      'www.example.com zone',
    ]);
    expect(resource(graph, 'web-redirect-worker').inputs.bindings).toEqual([
      { name: 'TO', type: 'plain_text', text: 'example.com' },
    ]);
    expect(resource(graph, 'web-redirect-workers-dev').inputs).toMatchObject({ enabled: false });
  });

  test('refuses a hostname that leads to another that leads back', async () => {
    const there = { ...args(), aliases: [], redirectFrom: ['www.example.com'] };
    const back = { ...there, domain: { hostname: 'WWW.example.com', zoneId }, redirectFrom: [] };
    const both = () => [new EdgeSite('web', there), new EdgeSite('back', back)];
    expect(await refusal(both)).toEqual([
      "'domain' must not be a hostname that 'web-redirect' already serves, got 'WWW.example.com'; remove it from one of them (back)",
    ]);
  });

  test('a preview leaves them to production', async () => {
    const config = { 'cloudflare:accountId': 'account', 'lintel:preview': 'true' };
    const graph = await graphOf(() => void new EdgeSite('web', args()), { config, stack: 'pr-17' });
    expect(created(graph)).toEqual(['WorkersScript web-worker', 'WorkersScriptSubdomain web-workers-dev']);
  });

  test.each<[Partial<EdgeSiteArgs>, readonly string[]]>([
    [
      { redirectFrom: ['Example.com'], aliases: [] },
      ["'redirectFrom' must be distinct hostnames other than 'domain' and 'aliases': a redirect to itself never ends"],
    ],
    [
      { redirectFrom: ['shop.example.com'] },
      [
        "'aliases' must be distinct hostnames other than 'domain'",
        "'redirectFrom' must be distinct hostnames other than 'domain' and",
      ],
    ],
    [
      { redirectFrom: [], aliases: ['a-b.example.com', 'A.b.example.com'] },
      [
        "'aliases' must be hostnames that differ in letters or digits, which their resources are named after, got 'a.b.",
      ],
    ],
    [{ redirectFrom: ['https://www.example.com/'], aliases: [] }, ["'redirectFrom' must be hostnames without scheme"]],
    [
      { domain: undefined, aliases: [], redirectFrom: ['www.example.com'] },
      ["'redirectFrom' must come with a 'domain'"],
    ],
  ])('refuses %j', async (more, messages) => {
    expect(await refusal(() => new EdgeSite('web', { ...args(), ...more }))).toEqual(
      messages.map((message) => expect.stringContaining(message) as string),
    );
  });
});

test('refuses a site of which nothing is said', async () => {
  expect(await refusal(() => new EdgeSite('web', undefined as never))).toEqual([
    expect.stringContaining("'files' must be given"),
  ]);
});

test('refuses hostnames that only the deployment knows where they would go unheard, or lead to themselves', async () => {
  const refused = (toItself: boolean) =>
    refusal(() => {
      const later = { hostname: pulumi.output('www.example.com'), zoneId: 'zone' };
      const files = folder('later', PAGES);
      new EdgeSite('web', { files, domain: toItself ? later : undefined, redirectFrom: [later] });
    });
  expect(await refused(false)).toEqual([
    "'redirectFrom' must come with a 'domain'; set the site's own hostname as 'domain' (web)",
  ]);
  expect(await refused(true)).toEqual([
    expect.stringContaining(
      "'redirectFrom' must be distinct hostnames other than 'domain' and 'aliases': a redirect to itself never ends; remove one of them (web)",
    ),
  ]);
});

describe('a build', () => {
  const build = (command: string) => ({ directory: '.cache/test/site-settings', output: 'built', command });
  const site = (command: string, more: Partial<EdgeSiteArgs> = {}) =>
    new EdgeSite('web', { build: build(command), ...more });
  const node = (code: string) => `"${process.execPath}" -e "${code}"`;
  const WRITE = "const fs=require('fs');fs.mkdirSync('built',{recursive:true});";

  beforeEach(() => {
    rmSync('.cache/test/site-settings/built', { recursive: true, force: true });
    mkdirSync('.cache/test/site-settings', { recursive: true });
  });

  test('comes before the files and the handler are read, once for all sites of it, and sees nothing of Pulumi', async () => {
    process.env.PULUMI_CONFIG = '{"shop:key":"hunter2"}';
    const command = node(
      `${WRITE}fs.writeFileSync('built/index.html',String(process.env.PULUMI_CONFIG));fs.appendFileSync('built/runs.txt','x');fs.writeFileSync('server.mjs','export default { fetch: () => new Response() }')`,
    );
    const graph = await graphOf(() => {
      site(command, { handler: '.cache/test/site-settings/server.mjs' });
      new EdgeSite('twin', { build: build(command) });
    }).finally(() => delete process.env.PULUMI_CONFIG);
    expect(resource(graph, 'web-worker').inputs.assets).toMatchObject({ directory: '.cache/test/site-settings/built' });
    expect(readFileSync('.cache/test/site-settings/built/index.html', 'utf8')).toBe('undefined');
    expect(readFileSync('.cache/test/site-settings/built/runs.txt', 'utf8')).toBe('x');
    expect(JSON.stringify(graph)).not.toContain('runs.txt\\",');
  });

  test('is left out by configuration', async () => {
    folder('built', { 'index.html': 'as it is' });
    const config = { 'cloudflare:accountId': 'account', 'lintel:build': 'false' };
    await graphOf(() => void site('exit 1'), { config });
  });

  test('refuses a build that fails, with what it says', async () => {
    const command = node("console.log('step 1');console.error('no such page');process.exit(3)");
    expect(await refusal(() => site(command))).toEqual([
      `'build.command' must end with exit code 0 (it ended with 3), got '${command}'; fix what it reports:`,
      '  step 1',
      '  no such page',
      ' (web)',
    ]);
  });

  test('says that it still runs', async () => {
    const script = 'lib/edge/site/run-build.mjs';
    const said = await promisify(execFile)(process.execPath, [script, `echo half && sleep 2.3 && echo done`, 'web']);
    expect(said.stdout).toBe('half\ndone\n');
    expect(said.stderr).toMatch(/^web: 'echo half .*' has run for 2 s: half\n$/);
  });

  test('refuses a build that leaves nothing where it should, a folder that is not there, and two sources of files', async () => {
    expect(await refusal(() => site('exit 0'))).toEqual([
      "'build.output' must be a directory with files, got '.cache/test/site-settings/built'; build the site first (web)",
    ]);
    const nowhere = { ...build('exit 0'), directory: '.cache/none' };
    expect(await refusal(() => new EdgeSite('web', { build: nowhere }))).toEqual([
      expect.stringContaining("'build.directory' must be a directory, got '.cache/none'"),
    ]);
    expect(await refusal(() => site('exit 0', { files: 'dist' }))).toEqual([
      expect.stringContaining("'build' must not be given with 'files', got 'dist'"),
    ]);
    expect(await refusal(() => new EdgeSite('web', {}))).toEqual([
      "'files' must be given, got nothing; give the folder of the files: 'dist'; or 'build' (web)",
    ]);
  });
});

describe('settings', () => {
  test.each<[string, Partial<EdgeSiteArgs>, string]>([
    ['pages', { immutable: ['/docs/*'] }, "'immutable' must not match a page, such as 'docs/index.html'"],
    ['nothing', { immutable: ['/static/*'] }, "'immutable' must be paths of files, with at most a trailing *"],
    ['patterns', { immutable: ['/*.js'] }, "'immutable' must be paths of files, with at most a trailing *"],
    ['addresses', { htmlHandling: 'slash' as 'none' }, "'htmlHandling' must be one of 'auto-trailing-slash'"],
  ])('refuses %s', async (_, args, message) => {
    const messages = await refusal(() => new EdgeSite('web', { files: folder('refused', PAGES), ...args }));
    expect(messages).toEqual([expect.stringContaining(message)]);
  });

  test('refuses a page for what is not there that is not there itself', async () => {
    const files = folder('bare', { 'notes.txt': '' });
    const refused = (notFound: EdgeSiteArgs['notFound']) => refusal(() => new EdgeSite('web', { files, notFound }));
    expect(await refused('404-page')).toEqual([expect.stringContaining("must come with a file '404.html'")]);
    expect(await refused('single-page-application')).toEqual([
      expect.stringContaining("must come with a file 'index.html'"),
    ]);
  });

  test('refuses a redirect that leads in a circle with the address of a page', async () => {
    const files = folder('circle', { ...PAGES, _redirects: '/docs/ /docs 301\n' });
    expect(await refusal(() => new EdgeSite('web', { files }))).toEqual([
      "'files' has a line that must not loop: /docs/ -> /docs -> /docs/, got '_redirects:1'; delete it, or change 'htmlHandling' if that redirects back (web)",
    ]);
    await graphOf(() => void new EdgeSite('web', { files, htmlHandling: 'drop-trailing-slash' }));
  });

  test('rules of the site itself go before what never changes', async () => {
    const own = { ...PAGES, _headers: '/assets/*\n  Cache-Control: max-age=60\n' };
    const graph = await graphOf(
      () => void new EdgeSite('web', { files: folder('own', own), immutable: ['/assets/*', '/_astro/*'] }),
    );
    const { assets } = resource(graph, 'web-worker').inputs as { assets: { config: { headers: string } } };
    expect(assets.config.headers).toBe(
      `/_astro/*\n  Cache-Control: public, max-age=31536000, immutable\n${own._headers}`,
    );
  });

  test('a build for Cloudflare Pages keeps its Worker and what it is asked for to itself', async () => {
    const files = folder('of-pages', {
      'index.html': '',
      '_worker.js': 'export default { fetch: () => import(/* @vite-ignore */ String(Math.random())) };',
      '_routes.json': '{}',
    });
    const graph = await graphOf(() => void new EdgeSite('web', { files, handler: `${files}/_worker.js` }));
    const { assets } = resource(graph, 'web-worker').inputs as { assets: { directory: string } };
    expect(assets.directory).toMatch(/^\.lintel\//);
    expect(() => readFileSync(join(assets.directory, '_worker.js'))).toThrow('ENOENT');
    expect(() => readFileSync(join(assets.directory, '_routes.json'))).toThrow('ENOENT');
  });
});

describe('locally', () => {
  let run: EdgeRun;
  beforeAll(async () => {
    const files = folder('run', PAGES);
    run = await runEdgeLocally(
      () => {
        for (const htmlHandling of HTML_HANDLING) new EdgeSite(htmlHandling, { files, htmlHandling });
        const redirectFrom = ['www.example.com'];
        new EdgeSite('cached', { files, immutable: ['/assets/*'], domain, redirectFrom });
        new EdgeSite('app', { files, immutable: ['/assets/*'], notFound: 'single-page-application' });
        new EdgeSite('rendered', { files, handler: 'test/patterns/edge/workers/site-files.ts' });
      },
      { config: { 'cloudflare:accountId': 'account' } },
    );
  });
  afterAll(() => run.stop());

  const get = async (worker: string, path: string, init: RequestInit = {}) => {
    const { status, headers } = await run.worker(worker).fetch(path, { redirect: 'manual', ...(init as object) });
    return { status, location: headers.get('location'), cache: headers.get('cache-control') };
  };

  test.each(HTML_HANDLING)('addresses of pages with %s are those that are counted with', async (handling) => {
    const files = new Set(Object.keys(PAGES));
    for (const path of [
      '/',
      '/index.html',
      '/index',
      '/about',
      '/about/',
      '/about.html',
      '/docs',
      '/docs/',
      '/docs/index',
      '/docs/index.html',
    ]) {
      const { status, location } = await get(handling, path);
      const expected = pageAddress(path, files, handling);
      expect([path, location]).toEqual([path, expected ?? null]);
      if (expected) expect([path, status]).toEqual([path, 307]);
    }
  });

  test('files that never change are kept for a year, pages and what is not there are not', async () => {
    const forever = 'public, max-age=31536000, immutable';
    const revalidated = 'public, max-age=0, must-revalidate';
    expect(await get('cached', '/assets/app-B7f2k9Qz.js')).toMatchObject({ status: 200, cache: forever });
    expect(await get('cached', '/assets/app-00000000.js')).toMatchObject({ status: 404, cache: 'no-store' });
    expect(await get('cached', '/about')).toMatchObject({ status: 200, cache: revalidated });
    expect(await get('cached', '/none')).toMatchObject({ status: 404 });
    expect(await get('app', '/assets/app-00000000.js')).toMatchObject({ status: 404, cache: 'no-store' });
    expect(await get('app', '/some/page')).toMatchObject({ status: 200, cache: revalidated });
    expect(await get('rendered', '/_astro/page.B7f2k9Qz.js')).toMatchObject({ status: 200, cache: forever });
    expect(await get('rendered', '/_astro/page.00000000.js')).toMatchObject({ status: 404, cache: 'no-store' });
  });

  test('the port of a site answers for other hostnames as the network does', async () => {
    const statusOf = (host: string) =>
      new Promise((resolve) =>
        request(run.worker('cached').url, { headers: { host } }, ({ statusCode, headers }) =>
          resolve([statusCode, headers.location]),
        ).end(),
      );
    expect(await Promise.all(['www.example.com', 'example.com', 'localhost'].map(statusOf))).toEqual([
      [301, 'https://example.com/'],
      [200, undefined],
      [200, undefined],
    ]);
  });

  test('another hostname leads to the same path', async () => {
    const from = (init: RequestInit) => get('cached-redirect', 'https://www.example.com/a%20b?c=d', init);
    const location = 'https://example.com/a%20b?c=d';
    expect(await from({})).toEqual({ status: 301, location, cache: 'public, max-age=3600' });
    expect(await from({ method: 'POST', body: 'x' })).toMatchObject({ status: 308, location });
  });
});
