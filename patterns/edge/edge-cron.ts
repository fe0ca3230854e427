import type * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import { bundle } from '../../lib/edge/bundle';
import { checkArgs, checkName, checkShape } from '../../lib/edge/check-args';
import { createTrigger, type EdgeSchedule, SCHEDULE, scheduleChecks } from '../../lib/edge/schedule';
import { createWorker, type Worker, type WorkerArgs } from '../../lib/edge/worker';
import { handlerChecks, workerChecks } from '../../lib/edge/worker-checks';
import { WORKER, WORKER_NAMES } from '../../lib/edge/worker-shape';
import { needed } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeCron`. */
export interface EdgeCronArgs extends WorkerArgs {
  /**
   * When it runs, in UTC: minute, hour, day of month, month and weekday, where Sunday is 1 and Saturday 7. A list for
   * several times.
   * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/#supported-cron-expressions
   */
  readonly schedule: EdgeSchedule;
}

/**
 * A Worker that runs on a schedule. The platform starts each run at least once and does not retry one that
 * throws: make the job idempotent, and let it hand long or fragile work to an `EdgeQueueWorker`.
 *
 * @example
 * new EdgeCron('nightly', { handler: 'workers/nightly.ts', schedule: '0 3 * * *' });
 */
export class EdgeCron extends pulumi.ComponentResource {
  /** The Worker. */
  readonly worker: Worker;
  /** The schedule. */
  readonly trigger: cloudflare.WorkersCronTrigger;

  /** @throws InputPropertiesError when the platform would not accept the schedule */
  constructor(name: string, args: EdgeCronArgs, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeCron', name, {}, opts);
    checkShape(name, args, SHAPE, NAMES);
    const code = bundle(name, args.handler, args);
    const accountId = checkArgs(name, args, [
      ...workerChecks(args, code),
      ...handlerChecks(args, code, 'scheduled'),
      ...scheduleChecks(args.schedule),
    ]);

    this.worker = createWorker(this, name, { ...args, accountId }, code);
    const { scriptName } = this.worker.script;
    this.trigger = createTrigger(this, name, args.schedule, { accountId, scriptName });
    this.registerOutputs({ scriptName });
  }
}

const SHAPE: Shape<EdgeCronArgs> = {
  ...WORKER,
  schedule: needed(SCHEDULE, "set '0 3 * * *', for instance", 'must name at least one time, each only once'),
};

/** Names from the provider, and their equivalents here. */
const NAMES = { ...WORKER_NAMES, crons: "write 'schedule'", cron: "write 'schedule'" };
