import * as pulumi from '@pulumi/pulumi';
import { bundle } from '../../lib/edge/bundle';
import { checkArgs, checkName, checkShape } from '../../lib/edge/check-args';
import { createWorker, type Worker, type WorkerArgs } from '../../lib/edge/worker';
import { handlerChecks, workerChecks } from '../../lib/edge/worker-checks';
import { WORKER, WORKER_NAMES } from '../../lib/edge/worker-shape';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeTail`. */
export type EdgeTailArgs = WorkerArgs;

/**
 * A Worker that receives the traces of other Workers' finished invocations: outcome, logs, exceptions. Nothing
 * waits for it, what it fails on is lost, and it serves no requests.
 *
 * @example
 * const events = new EdgeTail('events', { handler: 'workers/events.ts' });
 * new EdgeApi('api', { handler: 'workers/api.ts', tail: events });
 * @see https://developers.cloudflare.com/workers/observability/logs/tail-workers/
 */
export class EdgeTail extends pulumi.ComponentResource {
  /** The Worker. */
  readonly worker: Worker;

  /** @throws InputPropertiesError when the handler has no `tail`, or the settings contradict each other */
  constructor(name: string, args: EdgeTailArgs, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeTail', name, {}, opts);
    checkShape(name, args, SHAPE, WORKER_NAMES);
    const code = bundle(name, args.handler, args);
    const accountId = checkArgs(name, args, [...workerChecks(args, code), ...handlerChecks(args, code, 'tail')]);

    this.worker = createWorker(this, name, { ...args, accountId }, code);
    this.registerOutputs({ scriptName: this.worker.script.scriptName });
  }
}

const SHAPE: Shape<EdgeTailArgs> = WORKER;
