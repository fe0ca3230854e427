import type * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import {
  type ConsumedQueue,
  CONSUMES,
  consumesChecks,
  createConsumedQueues,
  createConsumers,
  type EdgeConsumes,
  ownQueueBindings,
} from '../../lib/edge/api-queues';
import { type Bundle, bundle } from '../../lib/edge/bundle';
import type { Capability } from '../../lib/edge/capability';
import { checkArgs, checkName, checkShape, refuse } from '../../lib/edge/check-args';
import { DEPLOY, deployChecks, type EdgeDeploy } from '../../lib/edge/gradual';
import { type EdgePlacement, PLACEMENT, placementChecks } from '../../lib/edge/placement';
import {
  addressOf,
  createRoutes,
  type RouteArgs,
  routeChecks,
  type Routes,
  usesWorkersDev,
} from '../../lib/edge/routes';
import { createTrigger, type EdgeSchedule, SCHEDULE, scheduleChecks } from '../../lib/edge/schedule';
import { createWorker, type Worker, type WorkerArgs } from '../../lib/edge/worker';
import { entrypointChecks, handlerChecks, workerChecks } from '../../lib/edge/worker-checks';
import { ROUTES, WORKER, WORKER_NAMES } from '../../lib/edge/worker-shape';
import { filled } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeApi`. */
export interface EdgeApiArgs extends WorkerArgs, RouteArgs {
  /**
   * Where requests are processed: near the client, or near a backend that the Worker calls several times per request. RPC calls
   * from other Workers, and static files, are not moved.
   * @default - near the client
   * @see https://developers.cloudflare.com/workers/configuration/placement/
   */
  readonly placement?: EdgePlacement;
  /**
   * When the Worker's `scheduled` handler also runs, in UTC: minute, hour, day of month, month and weekday, where Sunday is 1 and
   * Saturday 7. A list for several times.
   * @default - never
   * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/#supported-cron-expressions
   */
  readonly schedule?: EdgeSchedule;
  /**
   * Queues that the Worker's `queue` handler also consumes, by names of your choice; `batch.queue` there is the queue's name in
   * the account, set by `queueName`. Each has a dead-letter queue, like an `EdgeQueueWorker`'s.
   * @default - none
   */
  readonly consumes?: EdgeConsumes;
  /**
   * Sends a share of requests to a new version first: `{ percentage: 10 }`, then 50, then 100. This is a different Worker from the
   * one without it, with a name of its own.
   * @default - a new version gets all requests at once
   * @see https://developers.cloudflare.com/workers/versions-and-deployments/gradual-deployments/
   */
  readonly deploy?: EdgeDeploy;
}

/** Which part of a Worker is called. */
export interface EdgeCall {
  /**
   * A class that the handler's module exports besides its default export and that extends `WorkerEntrypoint`: only its methods can be
   * called, not those of another entrypoint.
   * @default - the default export
   * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/rpc/#named-entrypoints
   */
  readonly entrypoint?: string;
}

/**
 * A Worker that answers requests, on a domain, on routes of a zone, or on workers.dev.
 *
 * @example
 * const db = new EdgeDatabase('db');
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { DB: db.readWrite() } });
 * @example
 * new EdgeApi('shop', {
 *   handler: 'workers/shop.ts',
 *   schedule: '0 3 * * *',
 *   consumes: { jobs: { maxAttempts: 3, binding: 'JOBS' } },
 * });
 */
export class EdgeApi extends pulumi.ComponentResource {
  /** The Worker. */
  readonly worker: Worker;
  /** Domain and routes. */
  readonly routes: Routes;
  /** Its address, if known: its domain, or workers.dev when `lintel:workersDev` is configured. */
  readonly url?: pulumi.Output<string>;
  /** Runs it at its times, if a schedule is given. */
  readonly trigger?: cloudflare.WorkersCronTrigger;
  /** The queues it consumes, by name. */
  readonly queues: Readonly<Record<string, ConsumedQueue>>;
  private readonly code: Bundle;

  /** @throws InputPropertiesError when the handler does not bundle or the settings contradict each other */
  constructor(
    private readonly name: string,
    args: EdgeApiArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeApi', name, {}, opts);
    checkShape(name, args, SHAPE, NAMES);
    const { placement, schedule, consumes = {}, deploy } = args;
    const code = bundle(name, args.handler, args);
    this.code = code;
    const accountId = checkArgs(name, args, [
      ...workerChecks(args, code),
      ...handlerChecks(args, code, 'fetch'),
      ...routeChecks(args),
      ...placementChecks(placement),
      ...(schedule === undefined ? [] : [...handlerChecks(args, code, 'scheduled'), ...scheduleChecks(schedule)]),
      ...(Object.keys(consumes).length === 0 ? [] : handlerChecks(args, code, 'queue')),
      ...consumesChecks(args),
      ...deployChecks(deploy, args.scriptName),
    ]);

    const queues = createConsumedQueues(this, name, consumes, accountId);
    this.worker = createWorker(this, name, { ...args, accountId }, code, {
      bindings: ownQueueBindings(consumes, queues),
      workersDev: usesWorkersDev(args),
      placement,
      deploy,
    });
    const { script } = this.worker;
    const { scriptName } = script;
    this.queues = createConsumers(this, name, consumes, queues, { accountId, script });
    if (schedule !== undefined) this.trigger = createTrigger(this, name, schedule, { accountId, scriptName });
    this.routes = createRoutes(this, name, { ...args, accountId }, this.worker);

    this.url = addressOf(args, this.worker);
    this.registerOutputs({ scriptName: this.worker.script.scriptName, url: this.url });
  }

  /**
   * Calling it from another Worker without leaving the platform: a service binding.
   * @throws InputPropertiesError when the entrypoint's name is invalid
   */
  call(options: EdgeCall = {}): Capability {
    checkShape(this.name, options, CALL);
    const { entrypoint } = options;
    if (entrypoint !== undefined) refuse(this.name, entrypointChecks(entrypoint, this.code));
    const service = this.worker.script.scriptName;
    return { binding: { type: 'service', service, ...(entrypoint && { entrypoint }) }, permissions: [] };
  }

  /**
   * Sending messages to one of the queues it consumes.
   * @param queue its name in `consumes`
   * @throws InputPropertiesError when it consumes no queue of that name
   */
  send(queue: string): Capability {
    const names = Object.keys(this.queues);
    refuse(this.name, [
      {
        prop: 'consumes',
        value: queue,
        valid: () => names.includes(queue),
        rule: 'must contain the queue to send to',
        remedy:
          names.length === 0
            ? `it consumes none; write consumes: { '${queue}': {} }`
            : `name one of ${names.map((one) => `'${one}'`).join(', ')}`,
      },
    ]);
    const { queueName } = this.queues[queue]!.queue;
    return { binding: { type: 'queue', queueName }, permissions: [{ group: 'Queues Write' }] };
  }
}

const CALL: Shape<EdgeCall> = { entrypoint: filled('Admin') };

const SHAPE: Shape<EdgeApiArgs> = {
  ...WORKER,
  ...ROUTES,
  placement: PLACEMENT,
  schedule: SCHEDULE,
  consumes: CONSUMES,
  deploy: DEPLOY,
};

/** Names from the provider and from wrangler's configuration, and their equivalents here. */
const NAMES = { ...WORKER_NAMES, crons: "write 'schedule'", queues: "write 'consumes'", triggers: "write 'schedule'" };
