import * as pulumi from '@pulumi/pulumi';
import { bundle } from '../../lib/edge/bundle';
import type { Capability } from '../../lib/edge/capability';
import { checkArgs, checkShape } from '../../lib/edge/check-args';
import { type EdgePlacement, PLACEMENT, placementChecks } from '../../lib/edge/placement';
import {
  addressOf,
  createRoutes,
  type RouteArgs,
  routeChecks,
  type Routes,
  usesWorkersDev,
} from '../../lib/edge/routes';
import { createWorker, type Worker, type WorkerArgs } from '../../lib/edge/worker';
import { handlerChecks, workerChecks } from '../../lib/edge/worker-checks';
import { ROUTES, WORKER, WORKER_NAMES } from '../../lib/edge/worker-shape';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeApi`. */
export interface EdgeApiArgs extends WorkerArgs, RouteArgs {
  /**
   * Where requests are worked on: near the client, or near what the Worker asks several times for each of them. Calls of methods
   * from other Workers, and static files, are not moved.
   * @default - near the client
   * @see https://developers.cloudflare.com/workers/configuration/placement/
   */
  readonly placement?: EdgePlacement;
}

/**
 * A Worker that answers requests, on a domain, on routes of a zone, or else on workers.dev.
 *
 * @example
 * const db = new EdgeDatabase('db');
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { DB: db.readWrite() } });
 */
export class EdgeApi extends pulumi.ComponentResource {
  /** The Worker. */
  readonly worker: Worker;
  /** Domain and routes. */
  readonly routes: Routes;
  /** Its address, where it is known: of its domain, or on workers.dev by `lintel:workersDev` of the configuration. */
  readonly url?: pulumi.Output<string>;

  /** @throws InputPropertiesError when the handler does not bundle or the settings contradict each other */
  constructor(name: string, args: EdgeApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super('lintel:edge:EdgeApi', name, {}, opts);
    checkShape(name, args, SHAPE, WORKER_NAMES);
    const code = bundle(name, args.handler, args);
    const accountId = checkArgs(name, args, [
      ...workerChecks(args, code),
      ...handlerChecks(args, code, 'fetch'),
      ...routeChecks(args),
      ...placementChecks(args.placement),
    ]);

    const { placement } = args;
    this.worker = createWorker(this, name, { ...args, accountId }, code, {
      workersDev: usesWorkersDev(args),
      placement,
    });
    this.routes = createRoutes(this, name, { ...args, accountId }, this.worker);

    this.url = addressOf(args, this.worker);
    this.registerOutputs({ scriptName: this.worker.script.scriptName, url: this.url });
  }

  /** Calling it from another Worker, without leaving the platform: a service binding. */
  call(): Capability {
    return { binding: { type: 'service', service: this.worker.script.scriptName }, permissions: [] };
  }
}

const SHAPE: Shape<EdgeApiArgs> = { ...WORKER, ...ROUTES, placement: PLACEMENT };
