import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import { cronFault } from '../../lib/core/schedule/cron';
import { bundle } from '../../lib/edge/bundle';
import { checkArgs, checkShape } from '../../lib/edge/check-args';
import { createWorker, type Worker, type WorkerArgs } from '../../lib/edge/worker';
import { handlerChecks, workerChecks } from '../../lib/edge/worker-checks';
import { WORKER, WORKER_NAMES } from '../../lib/edge/worker-shape';
import { either, list, needed, text } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeCron`. */
export interface EdgeCronArgs extends WorkerArgs {
  /**
   * When it runs, in UTC: minute, hour, day of month, month and weekday, where Sunday is 1 and Saturday 7. A list for
   * several times.
   * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/#supported-cron-expressions
   */
  readonly schedule: string | readonly string[];
}

/**
 * A Worker that runs on a schedule. The platform starts each occurrence at least once and does not retry one that
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

  /** @throws InputPropertiesError when the schedule is none that the platform accepts */
  constructor(name: string, args: EdgeCronArgs, opts?: pulumi.ComponentResourceOptions) {
    super('lintel:edge:EdgeCron', name, {}, opts);
    checkShape(name, args, SHAPE, NAMES);
    const schedules = [args.schedule ?? []].flat();
    const code = bundle(name, args.handler, args);
    const accountId = checkArgs(name, args, [
      ...workerChecks(args, code),
      ...handlerChecks(args, code, 'scheduled'),
      ...schedules.map((schedule) => ({
        prop: 'schedule',
        value: schedule,
        valid: () => cronFault(schedule, 'cloudflare') === undefined,
        rule: String(cronFault(schedule, 'cloudflare')),
        remedy: "write for instance '0 3 * * *', daily at 03:00 UTC; Sunday is 1",
      })),
      {
        prop: 'schedule',
        value: schedules,
        valid: () => schedules.length > 0 && new Set(schedules).size === schedules.length,
        rule: 'must name at least one time, each once',
        remedy: "set for instance '0 3 * * *'",
      },
    ]);

    this.worker = createWorker(this, name, { ...args, accountId }, code);
    this.trigger = new cloudflare.WorkersCronTrigger(
      `${name}-trigger`,
      { accountId, scriptName: this.worker.script.scriptName, schedules: schedules.map((cron) => ({ cron })) },
      { parent: this },
    );
    this.registerOutputs({ scriptName: this.worker.script.scriptName });
  }
}

const SHAPE: Shape<EdgeCronArgs> = {
  ...WORKER,
  schedule: needed(
    either(
      'must be a cron expression, or a list of them',
      () => "write it as '0 3 * * *'",
      text('0 3 * * *'),
      list(text('0 3 * * *'), "['0 3 * * *']"),
    ),
    "set for instance '0 3 * * *'",
    'must name at least one time, each once',
  ),
};

/** Names of the provider, and what says the same here. */
const NAMES = { ...WORKER_NAMES, crons: "write 'schedule'", cron: "write 'schedule'" };
