import { AsyncLocalStorage } from 'node:async_hooks';
import type { Output } from '@pulumi/pulumi';
import { holdsStandIn, readPlaceholder } from '../core/model/placeholder';
import type { Apply, Internals } from './internals';
import { isSameResult, probed } from './probe';
import { NO_RESULT } from './wire';

/** Errors of a callback that got a string where the deployed value is a list, an object, a number or JSON. */
const WRONG_KIND: ReadonlySet<unknown> = new Set(['TypeError', 'SyntaxError', 'RangeError']);

const installed = new WeakSet<object>();

/** What the current run needs to know. */
export interface ApplyWatcher {
  /** Called when a callback on a secret fails; its error may contain the value. */
  readonly onSecret: (value: unknown) => void;
  /** Number of resources the program has declared. */
  readonly declared: () => number;
}

/** Set while a callback is rerun to see what it does with a value: it must declare nothing then. */
const probing = new AsyncLocalStorage<true>();

/** @throws Error when a rerun callback declares a resource */
export function assertNotProbing(): void {
  if (probing.getStore()) throw new Error('a resource that depends on what only the deployment knows');
}

/**
 * Makes `apply` work on placeholders inside an offline run, and leaves it as it is everywhere else:
 *
 * - `certificate.options[0].name` becomes a placeholder of its own, since the placeholder has no such property;
 * - a callback that does more with a placeholder than pass it along (cuts it, compares it, computes with it) gives an
 *   unknown value, as in a preview, where it would not be called at all: it is rerun with a different string instead of
 *   the placeholder, and must give the same result. One that declares a resource is run only once;
 * - so does one that cannot handle a string because the deployed value is something else. Any other error of a callback is
 *   the program's, and surfaces.
 */
export function installPlaceholderApply(
  { outputPrototype, unknown, sdk }: Pick<Internals, 'outputPrototype' | 'unknown' | 'sdk'>,
  watcher: () => ApplyWatcher | undefined,
): void {
  if (installed.has(outputPrototype)) return;
  installed.add(outputPrototype);
  const original = outputPrototype.apply;
  const apply: Apply = function (run, runWithUnknowns) {
    const watching = watcher();
    if (!watching) return original.call(this, run, runWithUnknowns);
    return original.call(
      this,
      (value) => (runWithUnknowns ? lift(run, value) : attempt(this, run, value, watching)),
      runWithUnknowns,
    );
  };
  outputPrototype.apply = apply;

  async function attempt(
    output: Output<unknown>,
    callback: (value: unknown) => unknown,
    value: unknown,
    watching: ApplyWatcher,
  ): Promise<unknown> {
    const open = standsSomewhere(value);
    const before = watching.declared();
    try {
      const started = callback(value);
      const declares = watching.declared() > before;
      const result = await started;
      if (result === undefined) return isPlaceholder(value) ? unknown : result;
      return !open || declares || (await isCarried(callback, value, result)) ? result : unknown;
    } catch (error) {
      if (isNamed(error, WRONG_KIND) && open) return unknown;
      if (await isSecret(output)) watching.onSecret(value);
      throw error;
    }
  }

  /** Whether the result would be formed the same way from any deployed value. */
  async function isCarried(callback: (value: unknown) => unknown, value: unknown, result: unknown): Promise<boolean> {
    const probe = probed(value);
    try {
      const other = await probing.run(true, async () => callback(probe.value));
      const pair = sdk.Output.isInstance(result) ? await settledOf(result, other) : ([result, other] as const);
      return pair === undefined || isSameResult(...pair, probe.back);
    } catch {
      return false;
    }
  }

  /** The values of two outputs; undefined while they are unknown, so that there is nothing to compare. */
  async function settledOf(one: Output<unknown>, other: unknown): Promise<readonly [unknown, unknown] | undefined> {
    if (!sdk.Output.isInstance(other)) return [one, other];
    const [first, second] = [one, other].map((output) => output as unknown as Settling);
    if (!((await first!.isKnown) && (await second!.isKnown))) return undefined;
    return [await first!.promise(), await second!.promise()];
  }

  /** The SDK's own callbacks: property access on an output, or copying its value. */
  function lift(run: (value: unknown) => unknown, value: unknown): unknown {
    const result = run(value);
    if (isNoResult(value)) return result === value ? result : unknown;
    if (!isPlaceholder(value) || result === value) return result;
    const property = accessedProperty(run);
    return property === undefined || property === 'length' ? unknown : `${value.slice(0, -1)}/${property}}`;
  }
}

/** The SDK's internal view of an output. */
interface Settling {
  readonly isKnown: Promise<boolean>;
  promise(): Promise<unknown>;
}

function isNoResult(value: unknown): boolean {
  return typeof value === 'object' && value !== null && NO_RESULT in value;
}

/** Which property a callback reads of its argument, found by passing it a recording proxy. */
function accessedProperty(run: (value: unknown) => unknown): string | undefined {
  let property: string | undefined;
  run(
    new Proxy(
      {},
      {
        get(_target, name) {
          if (typeof name === 'string' && !name.startsWith('__')) property = name;
          return undefined;
        },
      },
    ),
  );
  return property;
}

function isPlaceholder(value: unknown): value is string {
  return typeof value === 'string' && readPlaceholder(value) !== undefined;
}

function standsSomewhere(value: unknown): boolean {
  if (typeof value === 'string') return holdsStandIn(value);
  if (typeof value !== 'object' || value === null || '__pulumiResource' in value) return false;
  return Object.values(value).some(standsSomewhere);
}

function isNamed(error: unknown, names: ReadonlySet<unknown>): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && names.has(error.name);
}

async function isSecret(output: Output<unknown>): Promise<boolean> {
  return 'isSecret' in output && (await output.isSecret) === true;
}
