import type { types } from '@pulumi/cloudflare';
import type * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { either, filled, flag, having, list, number, object } from '../core/check/kinds';
import type { Shape } from '../core/check/shape';
import type { Worker } from './worker';

/** What becomes of one kind of telemetry. */
export interface EdgeTelemetry {
  /**
   * Destinations that get it by OpenTelemetry, by the names that they have in the account; the dashboard makes them, the provider
   * cannot.
   * @default - none
   * @see https://developers.cloudflare.com/workers/observability/exporting-opentelemetry-data/
   */
  readonly to?: readonly string[];
  /**
   * Whether Cloudflare keeps it too.
   * @default true
   */
  readonly keep?: boolean;
  /**
   * The share of invocations that it is taken of, above 0 and at most 1.
   * @default 1
   */
  readonly sample?: number;
}

/** What becomes of a Worker's logs. */
export interface EdgeLogs extends EdgeTelemetry {
  /**
   * Whether the account's Logpush job for Workers gets them.
   * @default false
   * @see https://developers.cloudflare.com/workers/observability/logs/logpush/
   */
  readonly logpush?: boolean;
}

/** A component with a Worker. */
export interface EdgeConsumer {
  /** Its Worker. */
  readonly worker: Worker;
}

/** What a Worker says of itself, and to whom. */
export interface TelemetryArgs {
  /**
   * What becomes of its logs.
   * @default - Cloudflare keeps those of all invocations
   */
  readonly logs?: EdgeLogs;
  /**
   * What becomes of its traces, which Cloudflare bills.
   * @default - there are none
   * @see https://developers.cloudflare.com/workers/observability/traces/
   */
  readonly traces?: EdgeTelemetry;
  /**
   * Workers that are told of each invocation when it is over, with its logs and what it threw: an `EdgeTail`, or another component
   * whose handler has `tail`.
   * @default - none
   * @see https://developers.cloudflare.com/workers/observability/logs/tail-workers/
   */
  readonly tail?: EdgeConsumer | readonly EdgeConsumer[];
}

const TELEMETRY: Shape<EdgeTelemetry> = { to: list(filled('honeycomb'), "['honeycomb']"), keep: flag, sample: number };
const NAMES = { destinations: "write 'to'", persist: "write 'keep'", headSamplingRate: "write 'sample'" };
const COMPONENT = having('a component with a Worker', 'worker', 'pass an EdgeTail');
const WORKER = having('a Worker', 'script', '');
const TAIL = { ...COMPONENT, is: (value: unknown) => COMPONENT.is(value) && WORKER.is((value as EdgeConsumer).worker) };

/** What says what a Worker says of itself. */
export const TELEMETRY_ARGS: Shape<TelemetryArgs> = {
  logs: object<EdgeLogs>({ ...TELEMETRY, logpush: flag }, "{ to: ['honeycomb'] }", NAMES),
  traces: object<EdgeTelemetry>(TELEMETRY, "{ to: ['honeycomb'] }", NAMES),
  tail: either('must be a component with a Worker, or a list', () => 'pass an EdgeTail', TAIL, list(TAIL, '[logs]')),
};

/** The rows for what a Worker says of itself. */
export function telemetryChecks({ logs, traces, tail }: TelemetryArgs): Check[] {
  const consumers = consumersOf(tail);
  return [
    ...kindChecks('logs', logs, logs?.logpush === true || consumers.length > 0),
    ...kindChecks('traces', traces, false),
    ...consumers.map(({ worker: { handlers } }, index) => ({
      prop: Array.isArray(tail) ? `tail.${index}` : 'tail',
      value: handlers,
      valid: () => handlers === undefined || handlers.includes('tail'),
      rule: "must be a Worker with 'tail' in its default export: nothing else is told",
      remedy: "write 'export default { tail(events) { ... } }'",
    })),
    {
      prop: 'tail',
      value: consumers.length,
      valid: () => new Set(consumers.map(({ worker }) => worker)).size === consumers.length,
      rule: 'must name each Worker once',
      remedy: 'leave one of them out',
    },
  ];
}

function kindChecks(prop: string, given: EdgeTelemetry | undefined, goesElsewhere: boolean): Check[] {
  const { to = [], keep, sample } = given ?? {};
  return [
    {
      prop: `${prop}.sample`,
      value: sample,
      valid: () => sample === undefined || (sample > 0 && sample <= 1),
      rule: 'must be a share above 0 and at most 1',
      remedy: 'write for instance 0.1 for one invocation of ten',
    },
    {
      prop: `${prop}.keep`,
      value: keep,
      valid: () => keep !== false || to.length > 0 || goesElsewhere,
      rule: 'must not be false where they go nowhere else',
      remedy: "name where they go: 'to'",
    },
    {
      prop: `${prop}.to`,
      value: to,
      valid: () => new Set(to).size === to.length,
      rule: 'must name each destination once',
      remedy: 'leave one of them out',
    },
  ];
}

function consumersOf(tail: TelemetryArgs['tail'] = []): readonly EdgeConsumer[] {
  return [tail].flat();
}

/** As the provider has it. */
export function telemetryOf({ logs, traces, tail }: TelemetryArgs): {
  readonly observability: types.input.WorkersScriptObservability;
  readonly logpush?: boolean;
  readonly tailConsumers?: { readonly service: pulumi.Output<string> }[];
} {
  const consumers = consumersOf(tail);
  return {
    observability: {
      enabled: true,
      headSamplingRate: 1,
      logs: { enabled: true, invocationLogs: true, ...(logs && kindOf(logs)) },
      ...(traces && { traces: { enabled: true, ...kindOf(traces) } }),
    },
    logpush: logs?.logpush,
    tailConsumers:
      consumers.length === 0 ? undefined : consumers.map(({ worker }) => ({ service: worker.script.scriptName })),
  };
}

function kindOf({ to, keep = true, sample = 1 }: EdgeTelemetry) {
  return { headSamplingRate: sample, persist: keep, destinations: to && [...to] };
}
