import type { types } from '@pulumi/cloudflare';
import type * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { either, filled, flag, having, list, number, object } from '../core/check/kinds';
import type { Shape } from '../core/check/shape';
import type { Worker } from './worker';

/** Where one kind of telemetry goes. */
export interface EdgeTelemetry {
  /**
   * OpenTelemetry destinations, by their names in the account; they are created in the dashboard, since the provider
   * cannot.
   * @default - none
   * @see https://developers.cloudflare.com/workers/observability/exporting-opentelemetry-data/
   */
  readonly to?: readonly string[];
  /**
   * Whether Cloudflare keeps it as well.
   * @default true
   */
  readonly keep?: boolean;
  /**
   * Share of invocations sampled, above 0 and at most 1.
   * @default 1
   */
  readonly sample?: number;
}

/** Where a Worker's logs go. */
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

/** Telemetry of a Worker. */
export interface TelemetryArgs {
  /**
   * Where its logs go.
   * @default - Cloudflare keeps the logs of all invocations
   */
  readonly logs?: EdgeLogs;
  /**
   * Where its traces go, which Cloudflare bills.
   * @default - no traces
   * @see https://developers.cloudflare.com/workers/observability/traces/
   */
  readonly traces?: EdgeTelemetry;
  /**
   * Workers that receive each finished invocation, with its logs and exceptions: an `EdgeTail`, or another component
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

/** Shape of telemetry settings. */
export const TELEMETRY_ARGS: Shape<TelemetryArgs> = {
  logs: object<EdgeLogs>({ ...TELEMETRY, logpush: flag }, "{ to: ['honeycomb'] }", NAMES),
  traces: object<EdgeTelemetry>(TELEMETRY, "{ to: ['honeycomb'] }", NAMES),
  tail: either('must be a component with a Worker, or a list', () => 'pass an EdgeTail', TAIL, list(TAIL, '[logs]')),
};

/** Checks of telemetry settings. */
export function telemetryChecks({ logs, traces, tail }: TelemetryArgs): Check[] {
  const consumers = consumersOf(tail);
  return [
    ...kindChecks('logs', logs, logs?.logpush === true || consumers.length > 0),
    ...kindChecks('traces', traces, false),
    ...consumers.map(({ worker: { handlers } }, index) => ({
      prop: Array.isArray(tail) ? `tail.${index}` : 'tail',
      value: handlers,
      valid: () => handlers === undefined || handlers.includes('tail'),
      rule: "must be a Worker with 'tail' in its default export: nothing else receives events",
      remedy: "write 'export default { tail(events) { ... } }'",
    })),
    {
      prop: 'tail',
      value: consumers.length,
      valid: () => new Set(consumers.map(({ worker }) => worker)).size === consumers.length,
      rule: 'must name each Worker only once',
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
      remedy: 'write 0.1, for instance, for one invocation in ten',
    },
    {
      prop: `${prop}.keep`,
      value: keep,
      valid: () => keep !== false || to.length > 0 || goesElsewhere,
      rule: 'must not be false unless they go elsewhere',
      remedy: "name a destination in 'to'",
    },
    {
      prop: `${prop}.to`,
      value: to,
      valid: () => new Set(to).size === to.length,
      rule: 'must name each destination only once',
      remedy: 'leave one of them out',
    },
  ];
}

function consumersOf(tail: TelemetryArgs['tail'] = []): readonly EdgeConsumer[] {
  return [tail].flat();
}

/** In the provider's form. */
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
