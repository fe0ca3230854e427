import { UNKNOWN_TEXT } from '../core/model/graph';
import { isRecord } from '../core/record';
import type { Internals } from './internals';
import { NO_RESULT } from './wire';

const installed = new WeakSet<object>();

/**
 * Makes the awaited result of a provider function usable when it is unknown: `(await getAmi(...)).id` is a
 * placeholder in a string, an unknown value as an input, and whatever is computed from it is unknown as well. It changes nothing
 * outside of an offline run.
 */
export function installAwaitedCalls({ invokes, sdk, unknown }: Internals, running: () => boolean): void {
  if (installed.has(invokes)) return;
  installed.add(invokes);
  for (const name of ['invoke', 'invokeSingle'] as const) {
    const original = invokes[name];
    invokes[name] = async (token, ...rest) => {
      const result = await original(token, ...rest);
      if (!running()) return result;
      const open =
        result === unknown || (isRecord(result) && (NO_RESULT in result || Object.keys(result).length === 0));
      return open ? standIn(unknownOutput(sdk, unknown)) : result;
    };
  }
}

/** An output with an unknown value. */
function unknownOutput(sdk: Internals['sdk'], unknown: object): object {
  return sdk.output(unknown);
}

/** Properties the SDK reads of an output. */
const OF_OUTPUT: ReadonlySet<PropertyKey> = new Set([
  '__pulumiOutput',
  'promise',
  'isKnown',
  'isSecret',
  'resources',
  'allResources',
  'apply',
]);

const PROTOTYPES: readonly object[] = [String.prototype, Array.prototype, Number.prototype, Object.prototype];

/** Methods that call back for each element; an unknown list has one unknown element. */
const CALLS_BACK: ReadonlySet<string> = new Set(['forEach', 'map', 'flatMap']);

/**
 * A value about which nothing is known, not even its type: to the SDK an unknown output, in a string `${unknown}`, to a loop a
 * list of one such value; its properties and the results of its methods are such values too.
 */
function standIn(output: object): unknown {
  const self: unknown = new Proxy(output, {
    get(target, name) {
      if (OF_OUTPUT.has(name)) return Reflect.get(target, name) as unknown;
      if (name === Symbol.toPrimitive) return (hint: string) => (hint === 'number' ? NaN : UNKNOWN_TEXT);
      if (name === Symbol.iterator) return () => [self].values();
      if (typeof name === 'symbol' || name === 'then' || name.startsWith('__')) return undefined;
      if (name === 'toString' || name === 'toJSON' || name === 'valueOf') return () => UNKNOWN_TEXT;
      if (name === 'length') return 1;
      if (CALLS_BACK.has(name)) return (each: (item: unknown, index: number) => unknown) => [self].map(each);
      if (PROTOTYPES.some((prototype) => typeof Reflect.get(prototype, name) === 'function')) return () => self;
      return self;
    },
  });
  return self;
}
