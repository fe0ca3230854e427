import type { Output } from '@pulumi/pulumi';
import { holdsPlaceholder, readPlaceholder } from '../core/model/placeholder';
import type { Apply, Internals } from './internals';

/** How a callback fails that was given a text where the deployed value is a list, an object, a number or JSON. */
const WRONG_KIND: ReadonlySet<unknown> = new Set(['TypeError', 'SyntaxError', 'RangeError']);

const installed = new WeakSet<object>();

/** What the program that runs at the moment wants to know. */
export interface ApplyWatcher {
  /** A callback on a secret failed; its error may tell what it was given. */
  readonly onSecret: (value: unknown) => void;
}

/**
 * Makes `apply` work on placeholders inside an offline run, and leaves it as it is everywhere else:
 *
 * - `certificate.options[0].name` becomes a placeholder of its own, since the placeholder has no such property;
 * - a callback that cannot work on a text because the deployed value is something else gives an unknown value, as in a
 *   preview, where it would not be called at all. Any other error of a callback is the program's, and surfaces.
 */
export function installPlaceholderApply(
  { outputPrototype, unknown }: Pick<Internals, 'outputPrototype' | 'unknown'>,
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
      (value) => (runWithUnknowns ? lift(run, value) : attempt(this, run, value)),
      runWithUnknowns,
    );

    async function attempt(output: Output<unknown>, callback: typeof run, value: unknown): Promise<unknown> {
      try {
        const result = await callback(value);
        return result === undefined && isPlaceholder(value) ? unknown : result;
      } catch (error) {
        if (isNamed(error, WRONG_KIND) && standsSomewhere(value)) return unknown;
        if (await isSecret(output)) watching?.onSecret(value);
        throw error;
      }
    }
  };
  outputPrototype.apply = apply;

  /** The SDK's own callbacks: property access on an output, or copying its value. */
  function lift(run: (value: unknown) => unknown, value: unknown): unknown {
    const result = run(value);
    if (isNoResult(value)) return result === value ? result : unknown;
    if (!isPlaceholder(value) || result === value) return result;
    const property = accessedProperty(run);
    return property === undefined || property === 'length' ? unknown : `${value.slice(0, -1)}/${property}}`;
  }
}

/** Marks the result of a provider function that nobody answers. */
export const NO_RESULT = 'lintel:no-result';

function isNoResult(value: unknown): boolean {
  return typeof value === 'object' && value !== null && NO_RESULT in value;
}

/** Which property a callback reads of its argument: asked by giving it one that takes notes. */
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
  if (typeof value === 'string') return holdsPlaceholder(value);
  if (typeof value !== 'object' || value === null || '__pulumiResource' in value) return false;
  return Object.values(value).some(standsSomewhere);
}

function isNamed(error: unknown, names: ReadonlySet<unknown>): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && names.has(error.name);
}

async function isSecret(output: Output<unknown>): Promise<boolean> {
  return 'isSecret' in output && (await output.isSecret) === true;
}
