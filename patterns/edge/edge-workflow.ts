import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../lib/core/check/check';
import { cloudflare as facts, within } from '../../lib/core/facts';
import { type Bundle, bundle } from '../../lib/edge/bundle';
import type { Capability } from '../../lib/edge/capability';
import { checkArgs, checkName, checkShape } from '../../lib/edge/check-args';
import { claimOwnName } from '../../lib/edge/claims';
import { physicalName } from '../../lib/edge/physical-name';
import { createWorker, type Worker, type WorkerArgs } from '../../lib/edge/worker';
import { workerChecks } from '../../lib/edge/worker-checks';
import { WORKER, WORKER_NAMES } from '../../lib/edge/worker-shape';
import { input, matching, needed, number, text } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeWorkflow`. */
export interface EdgeWorkflowArgs extends WorkerArgs {
  /** The exported class, which extends `WorkflowEntrypoint`. */
  readonly className: string;
  /**
   * Steps of one instance, from 1 to 25,000; sleeping does not count.
   * @default - the platform's default: 10,000 on the paid plan
   */
  readonly maxSteps?: number;
  /**
   * Instances that run concurrently; more wait.
   * @default - the account's limit
   */
  readonly maxConcurrency?: number;
  /**
   * The workflow's name, unique in the account.
   * @default - from project, stack and the component's name
   */
  readonly workflowName?: pulumi.Input<string>;
}

/**
 * A durable workflow: steps are retried individually, their results are kept, and execution resumes after a restart. A step
 * must be safe to run twice; to undo a step, write a `catch` in the class.
 *
 * @example
 * const order = new EdgeWorkflow('order', { handler: 'workers/order.ts', className: 'OrderFlow' });
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { ORDER: order.start() } });
 * @see https://developers.cloudflare.com/workflows/build/rules-of-workflows/
 */
export class EdgeWorkflow extends pulumi.ComponentResource {
  /** The Worker that holds the class. */
  readonly worker: Worker;
  /** The workflow. */
  readonly workflow: cloudflare.Workflow;

  /** @throws InputPropertiesError when the handler does not export the class */
  constructor(name: string, args: EdgeWorkflowArgs, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeWorkflow', name, {}, opts);
    checkShape(name, args, SHAPE, WORKER_NAMES);
    const { className, maxSteps, maxConcurrency } = args;
    const code = bundle(name, args.handler, args);
    const accountId = checkArgs(name, args, [...workerChecks(args, code, { className }), ...checks(args, code.bases)]);

    this.worker = createWorker(this, name, { ...args, accountId }, code);
    const { value: workflowName, ignoreChanges } = physicalName(args.workflowName, name, 'workflowName');
    claimOwnName(name, 'workflow', 'workflowName', { value: workflowName, ignoreChanges, accountId });
    this.workflow = new cloudflare.Workflow(
      `${name}-workflow`,
      {
        accountId,
        workflowName,
        className,
        scriptName: this.worker.script.scriptName,
        limits: maxSteps === undefined ? undefined : { steps: maxSteps },
        concurrency: maxConcurrency === undefined ? undefined : { limit: maxConcurrency },
      },
      { parent: this, ignoreChanges },
    );
    this.registerOutputs({ workflowName: this.workflow.workflowName });
  }

  /** Starting, inspecting, pausing and terminating instances: the binding does not separate these. */
  start(): Capability {
    const { workflowName, className, scriptName } = this.workflow;
    return {
      binding: { type: 'workflow', workflowName, className, scriptName },
      permissions: [{ group: 'Workers Scripts Write' }],
    };
  }
}

const SHAPE: Shape<EdgeWorkflowArgs> = {
  ...WORKER,
  className: needed(text('OrderFlow'), "name the class that the module exports: 'OrderFlow'"),
  maxSteps: number,
  maxConcurrency: number,
  workflowName: input(
    matching(
      new RegExp(`^\\w[\\w-]{0,${facts.workflowNameLength.value - 1}}$`),
      `must be at most ${facts.workflowNameLength.value} letters, digits, dashes and underscores, and not begin with a dash`,
      'order',
    ),
  ),
};

const WORKFLOW = 'WorkflowEntrypoint';

function checks({ className, maxSteps, maxConcurrency }: EdgeWorkflowArgs, bases: Bundle['bases']): Check[] {
  const { min, max } = facts.workflowSteps.value;
  return [
    {
      prop: 'className',
      value: className,
      valid: () => (bases[className] ?? WORKFLOW) === WORKFLOW,
      rule: `must be a class that extends '${WORKFLOW}'`,
      remedy: `write 'class ... extends ${WORKFLOW}', from 'cloudflare:workers'`,
    },
    {
      prop: 'maxSteps',
      value: maxSteps,
      valid: () => maxSteps === undefined || (Number.isInteger(maxSteps) && within({ min, max }, maxSteps)),
      rule: `must be a whole number from ${min} to ${max}`,
      remedy: 'start another workflow from a step if it needs more',
    },
    {
      prop: 'maxConcurrency',
      value: maxConcurrency,
      valid: () => maxConcurrency === undefined || (Number.isInteger(maxConcurrency) && maxConcurrency >= 1),
      rule: 'must be a whole number, at least 1',
      remedy: "leave it out for the account's limit",
    },
  ];
}
