import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../lib/core/check/check';
import { type Around, bundle } from '../../lib/edge/bundle';
import type { Capability } from '../../lib/edge/capability';
import { checkArgs, checkShape } from '../../lib/edge/check-args';
import {
  addressOf,
  createRoutes,
  type RouteArgs,
  routeChecks,
  type Routes,
  usesWorkersDev,
} from '../../lib/edge/routes';
import { readSite, siteFileChecks, type SiteFiles, stage } from '../../lib/edge/site-files';
import { createWorker, type Worker, type WorkerArgs } from '../../lib/edge/worker';
import { handlerChecks, workerChecks } from '../../lib/edge/worker-checks';
import { ROUTES, WORKER, WORKER_NAMES } from '../../lib/edge/worker-shape';
import { list, needed, oneOf, text } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeSite`. */
export interface EdgeSiteArgs extends Omit<WorkerArgs, 'handler'>, RouteArgs {
  /**
   * Directory with the built files, relative to the working directory. A request that a file answers costs nothing. What
   * `.assetsignore` in it names is not published; the rules of `_headers` and `_redirects` are the site's, for what the
   * handler answers the headers too, unless it sets them itself: `! Name` takes away what rules set, not what the handler does.
   */
  readonly files: string;
  /**
   * Path of the Worker's module that renders what no file answers. It may stream its response, and reads the files by the
   * binding `ASSETS`.
   * @default - the files alone
   */
  readonly handler?: string;
  /**
   * What answers when there is no file: the nearest `404.html`, the `index.html` of an app that routes in the browser, or
   * nothing. A browser that opens a page gets this answer before the handler is asked.
   * @default 'none' with a handler, '404-page' without
   */
  readonly notFound?: '404-page' | 'single-page-application' | 'none';
  /**
   * Paths that go to the handler even where a file would answer: `/api/*`; with a `!` before, ones that do not.
   * @default - none
   * @see https://developers.cloudflare.com/workers/static-assets/binding/#run_worker_first
   */
  readonly handlerFirst?: readonly string[];
}

/**
 * A site: static files from the edge, and a Worker that renders the rest on the server.
 *
 * @example
 * new EdgeSite('web', { files: 'dist/client', handler: 'src/server.ts' });
 * @see https://developers.cloudflare.com/workers/static-assets/
 */
export class EdgeSite extends pulumi.ComponentResource {
  /** The Worker with its files. */
  readonly worker: Worker;
  /** Domain and routes. */
  readonly routes: Routes;
  /** Its address, where it is known: of its domain, or on workers.dev by `lintel:workersDev` of the configuration. */
  readonly url?: pulumi.Output<string>;

  /** @throws InputPropertiesError when there are no files, or one that the platform does not take */
  constructor(name: string, args: EdgeSiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super('lintel:edge:EdgeSite', name, {}, opts);
    checkShape(name, args, SHAPE, WORKER_NAMES);
    const worker = { ...args, handler: args.handler ?? path.relative(process.cwd(), moduleOf('index')) };
    const site = readSite(args.files, args.handler);
    const plain = bundle(name, worker.handler, args);
    const accountId = checkArgs(name, args, [
      ...workerChecks(worker, plain),
      ...handlerChecks(worker, plain, 'fetch'),
      ...routeChecks(args),
      ...siteFileChecks('files', site),
      ...checks(args),
    ]);

    // The platform puts the headers on files only.
    const code =
      args.handler !== undefined && site.headerRules.length > 0
        ? bundle(name, args.handler, { modules: args.modules, around: renderedBy(site) })
        : plain;
    this.worker = createWorker(this, name, { ...worker, accountId }, code, {
      workersDev: usesWorkersDev(args),
      bindings: [{ name: 'ASSETS', type: 'assets' }],
      assets: {
        directory: stage(name, site),
        config: {
          headers: site.headers,
          redirects: site.redirects,
          notFoundHandling: args.notFound ?? (args.handler === undefined ? '404-page' : 'none'),
          runWorkerFirst: args.handlerFirst && [...args.handlerFirst],
        },
      },
    });
    this.routes = createRoutes(this, name, { ...args, accountId }, this.worker);

    this.url = addressOf(args, this.worker);
    this.registerOutputs({ scriptName: this.worker.script.scriptName, url: this.url });
  }

  /** Asking for its pages from another Worker, such as a gateway: a service binding. */
  call(): Capability {
    return { binding: { type: 'service', service: this.worker.script.scriptName }, permissions: [] };
  }
}

const SHAPE: Shape<EdgeSiteArgs> = {
  ...WORKER,
  ...ROUTES,
  handler: text('workers/site.ts'),
  files: needed(text('dist'), "give the folder of the files: 'dist'"),
  notFound: oneOf('404-page', 'single-page-application', 'none'),
  handlerFirst: list(text('/api/*'), "['/api/*']"),
};

/** What sets the headers of a site on what its handler renders. */
function renderedBy({ headerRules }: SiteFiles): Around {
  return { module: moduleOf('rendered'), define: { HEADER_RULES: headerRules } };
}

/** A module of the site's own Workers. */
function moduleOf(name: 'index' | 'rendered'): string {
  return path.join(__dirname, `../../lib/edge/workers/site/${name}.ts`);
}

function checks({
  handler,
  notFound,
  handlerFirst = [],
  access = {},
  environment = {},
  secrets = {},
}: EdgeSiteArgs): Check[] {
  return [
    ...handlerFirst.map((pattern) => ({
      prop: 'handlerFirst',
      value: pattern,
      valid: () => /^!?\//.test(pattern),
      rule: 'must hold paths, with a ! before at most',
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
      rule: "must be 'none' with a 'handler' that renders pages: browsers that open one would not reach it",
      remedy: "remove it, or name the handler's paths by 'handlerFirst'",
    },
    {
      prop: 'access',
      value: 'ASSETS',
      valid: () => ![access, environment, secrets].some((names) => 'ASSETS' in names),
      rule: 'must leave the name ASSETS to the files',
      remedy: 'rename it',
    },
  ];
}
