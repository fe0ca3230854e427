import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../lib/core/check/check';
import { cloudflare as facts } from '../../lib/core/facts';
import { bundle } from '../../lib/edge/bundle';
import type { Capability } from '../../lib/edge/capability';
import { checkArgs, checkName, checkShape, refuse } from '../../lib/edge/check-args';
import {
  addressOf,
  createRoutes,
  type RouteArgs,
  routeChecks,
  type Routes,
  usesWorkersDev,
} from '../../lib/edge/routes';
import { buildSite, outputOf, type SiteBuild } from '../../lib/edge/site/build';
import { createDomains, siteDomainChecks, type SiteDomainArgs, type SiteDomains } from '../../lib/edge/site/domains';
import { HTML_HANDLING, type HtmlHandling } from '../../lib/edge/site/html-handling';
import { immutableChecks, immutableOf } from '../../lib/edge/site/immutable';
import { redirectLoops } from '../../lib/edge/site/redirect-loops';
import { readSite, siteFileChecks, type SiteFiles, stage } from '../../lib/edge/site/site-files';
import { createWorker, type Worker, type WorkerArgs } from '../../lib/edge/worker';
import { handlerChecks, workerChecks } from '../../lib/edge/worker-checks';
import { DOMAIN, ROUTES, WORKER, WORKER_NAMES } from '../../lib/edge/worker-shape';
import { either, filled, list, needed, object, oneOf, text } from '../../lib/core/check/kinds';
import type { ForeignNames, Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeSite`. */
export interface EdgeSiteArgs extends Omit<WorkerArgs, 'handler'>, RouteArgs, SiteDomainArgs {
  /**
   * Directory of the built files, relative to the working directory. A request answered by a file is free. Files matched by
   * `.assetsignore` are not published; `_headers` and `_redirects` apply to the site, and the headers also to the handler's
   * responses, unless it sets them itself: `! Name` removes what rules set, not what the handler sets.
   * @default - the output of `build`; one of the two must be given
   */
  readonly files?: string;
  /**
   * How the files are built: a command that runs before they, and the handler, are read, each time the program runs.
   * Setting the configuration `lintel:build` to `false` skips it.
   * @default - `files` exist already
   */
  readonly build?: SiteBuild;
  /**
   * Path of the Worker's module that renders whatever no file answers. It may stream its response, and reads the files through the
   * binding `ASSETS`.
   * @default - files only
   */
  readonly handler?: string;
  /**
   * What is served when no file matches: the nearest `404.html`, the `index.html` of an app that routes in the browser, or
   * nothing. A browser navigation gets this response before the handler is asked.
   * @default 'none' with a handler, '404-page' without
   */
  readonly notFound?: '404-page' | 'single-page-application' | 'none';
  /**
   * How page URLs are written; other spellings redirect there (307). With `none` each file is served under its exact name
   * only, so `/` is not a page.
   * @default 'auto-trailing-slash': `/about` for `about.html`, `/about/` for `about/index.html`
   * @see https://developers.cloudflare.com/workers/static-assets/routing/advanced/html-handling/
   */
  readonly htmlHandling?: HtmlHandling;
  /**
   * Paths of files whose names change with their content, such as Vite's `/assets/*`: browsers cache them for a year without
   * revalidating. Everything else, pages above all, they revalidate each time, and get a 304 while unchanged. A `Cache-Control` for
   * such files in `_headers` takes precedence.
   * @default - the folders that frameworks use for them: `/_astro/*`, `/_app/immutable/*`, `/_next/static/*`, `/_nuxt/*`
   */
  readonly immutable?: readonly string[];
  /**
   * Paths that go to the handler even where a file would answer: `/api/*`; with a leading `!`, paths that do not.
   * @default - none
   * @see https://developers.cloudflare.com/workers/static-assets/binding/#run_worker_first
   */
  readonly handlerFirst?: readonly string[];
}

/**
 * A site: static files from the edge, and a Worker that renders the rest on the server.
 *
 * @example
 * new EdgeSite('web', { build: { command: 'npm run build', output: 'dist' }, domain: { hostname: 'example.com', zoneId } });
 * new EdgeSite('shop', { files: 'dist/client', handler: 'dist/server/entry.mjs' });
 * @see https://developers.cloudflare.com/workers/static-assets/
 */
export class EdgeSite extends pulumi.ComponentResource {
  /** The Worker with its files. */
  readonly worker: Worker;
  /** Domain and routes. */
  readonly routes: Routes;
  /** Further hostnames. */
  readonly domains: SiteDomains;
  /** Its address, if known: its domain, or workers.dev when `lintel:workersDev` is configured. */
  readonly url?: pulumi.Output<string>;

  /** @throws InputPropertiesError when there are no files, or one that the platform does not accept */
  constructor(name: string, args: EdgeSiteArgs, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeSite', name, {}, opts);
    checkShape(name, args, SHAPE, NAMES);
    refuse(name, sourceChecks(args));
    if (args.build) buildSite(name, args.build);
    const site = readSite(args.files ?? outputOf(args.build!), args.handler);
    const immutable = immutableOf(site, args.immutable);
    const worker = { ...args, handler: args.handler ?? path.relative(process.cwd(), moduleOf('index')) };
    const plain = bundle(name, worker.handler, args);
    const htmlHandling = args.htmlHandling ?? 'auto-trailing-slash';
    const accountId = checkArgs(name, args, [
      ...workerChecks(worker, plain),
      ...handlerChecks(worker, plain, 'fetch'),
      ...routeChecks(args),
      ...siteFileChecks(
        args.build ? 'build.output' : 'files',
        site,
        redirectLoops(site.redirectRules, site.published, htmlHandling),
      ),
      ...immutableChecks(args.immutable, site, facts.assetHeaderRules.value),
      ...siteDomainChecks(args.domain, args),
      ...checks(args, site),
    ]);

    const define = { HEADER_RULES: site.headerRules, IMMUTABLE: immutable.paths };
    const module = moduleOf(args.handler === undefined ? 'index' : 'rendered');
    // The platform sets these headers on files only, and files' headers also on missing paths.
    const code =
      args.handler === undefined || site.headerRules.length + immutable.paths.length > 0
        ? bundle(name, worker.handler, { modules: args.modules, around: { module, define } })
        : plain;
    this.worker = createWorker(this, name, { ...worker, accountId }, code, {
      workersDev: usesWorkersDev(args),
      bindings: [{ name: 'ASSETS', type: 'assets' }],
      assets: {
        directory: stage(name, site),
        config: {
          headers: immutable.headers,
          redirects: site.redirects,
          htmlHandling: args.htmlHandling,
          notFoundHandling: args.notFound ?? (args.handler === undefined ? '404-page' : 'none'),
          runWorkerFirst: args.handlerFirst && [...args.handlerFirst],
        },
      },
    });
    this.routes = createRoutes(this, name, { ...args, accountId }, this.worker);
    this.domains = createDomains(this, name, { ...args, accountId }, this.worker);

    this.url = addressOf(args, this.worker);
    this.registerOutputs({ scriptName: this.worker.script.scriptName, url: this.url });
  }

  /** Requesting its pages from another Worker, such as a gateway: a service binding. */
  call(): Capability {
    return { binding: { type: 'service', service: this.worker.script.scriptName }, permissions: [] };
  }
}

/** A hostname in the site's zone, or in another one. */
const HOST = either(
  'must be a hostname',
  () => "write it as 'www.example.com', or { hostname, zoneId }",
  text('www.example.com'),
  DOMAIN,
);

const SHAPE: Shape<EdgeSiteArgs> = {
  ...WORKER,
  ...ROUTES,
  handler: text('workers/site.ts'),
  files: text('dist'),
  build: object<SiteBuild>(
    {
      command: needed(filled('npm run build'), "give the command: 'npm run build'"),
      output: needed(filled('dist'), "give the folder it writes: 'dist'"),
      directory: filled('web'),
    },
    "{ command: 'npm run build', output: 'dist' }",
  ),
  notFound: oneOf('404-page', 'single-page-application', 'none'),
  htmlHandling: oneOf(...HTML_HANDLING),
  immutable: list(text('/assets/*'), "['/assets/*']"),
  handlerFirst: list(text('/api/*'), "['/api/*']"),
  aliases: list(HOST, "['shop.example.com']"),
  redirectFrom: list(HOST, "['www.example.com']"),
};

/** Names from the provider and from wrangler's configuration, and their equivalents here. */
const NAMES: ForeignNames = {
  ...WORKER_NAMES,
  assets: "write 'files'",
  directory: "write 'files'",
  notFoundHandling: "write 'notFound'",
  not_found_handling: "write 'notFound'",
  html_handling: "write 'htmlHandling'",
  runWorkerFirst: "write 'handlerFirst'",
  run_worker_first: "write 'handlerFirst'",
  redirects: "write 'redirectFrom' for hostnames, and a file '_redirects' for paths",
  headers: "write a file '_headers'",
  buildCommand: "write 'build': { command, output }",
};

/** What can be checked before anything is built. */
function sourceChecks({ files, build }: EdgeSiteArgs = {}): Check[] {
  return [
    {
      prop: build ? 'build' : 'files',
      value: files,
      valid: () => (files === undefined) !== (build === undefined),
      rule: build ? "must not be given with 'files'" : 'must be given',
      remedy: build ? "its 'output' says where the files are" : "give the folder of the files: 'dist'; or 'build'",
    },
  ];
}

/** A module of the site's own Workers. */
function moduleOf(name: 'index' | 'rendered'): string {
  return path.join(__dirname, `../../lib/edge/workers/site/${name}.ts`);
}

function checks(
  { handler, notFound, handlerFirst = [], access = {}, environment = {}, secrets = {} }: EdgeSiteArgs,
  { published }: SiteFiles,
): Check[] {
  const page =
    notFound === '404-page' ? /(^|\/)404\.html$/ : notFound === 'single-page-application' ? /^index\.html$/ : undefined;
  return [
    {
      prop: 'notFound',
      value: notFound,
      valid: () => page === undefined || published.length === 0 || published.some((file) => page.test(file)),
      rule: `must come with a file '${notFound === '404-page' ? '404' : 'index'}.html': without it nothing is served`,
      remedy: "add it, or leave 'notFound' out",
    },
    ...handlerFirst.map((pattern) => ({
      prop: 'handlerFirst',
      value: pattern,
      valid: () => /^!?\//.test(pattern),
      rule: 'must be paths, optionally with a leading !',
      remedy: "write '/api/*'",
    })),
    {
      prop: 'handlerFirst',
      value: handlerFirst,
      valid: () => handlerFirst.length === 0 || (handler !== undefined && handlerFirst.some((each) => each[0] === '/')),
      rule: "must come with a 'handler' and name at least one path for it",
      remedy: "set 'handler', or remove it",
    },
    {
      prop: 'notFound',
      value: notFound,
      valid: () => handler === undefined || handlerFirst.length > 0 || (notFound ?? 'none') === 'none',
      rule: "must be 'none' with a 'handler' that renders pages: a browser opening one would never reach it",
      remedy: "remove it, or name the handler's paths in 'handlerFirst'",
    },
    {
      prop: 'access',
      value: 'ASSETS',
      valid: () => ![access, environment, secrets].some((names) => 'ASSETS' in names),
      rule: 'must not be named ASSETS, which is the binding of the files',
      remedy: 'rename it',
    },
  ];
}
