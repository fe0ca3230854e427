import { stepFunctions } from '../../../../../core/facts';
import { dataLimit } from './failure';

/** Maximum total size of an execution's variables, in bytes. */
const MAX_TOTAL = 10 * 1024 * 1024;

/** The variables of a flow: its own, and read-only ones of enclosing flows. */
export class Variables {
  private readonly own = new Map<string, unknown>();

  /** @param outer the enclosing flow's variables; none for an execution or a distributed map's child */
  constructor(private readonly outer?: Variables) {}

  /** All readable variables. */
  all(): Readonly<Record<string, unknown>> {
    return { ...this.outer?.all(), ...Object.fromEntries(this.own) };
  }

  /**
   * Assigns several at once.
   * @throws StateFailure when one of them, or their total, is too large
   */
  assign(values: Readonly<Record<string, unknown>>, state: string): void {
    const limit = stepFunctions.payloadSize.value;
    const sizes = Object.values(values).map(sizeOf);
    if (sizes.some((size) => size > limit) || sum(sizes) > limit) throw dataLimit(state);
    for (const [name, value] of Object.entries(values)) this.own.set(name, value);
    if (this.total() > MAX_TOTAL) throw dataLimit(state);
  }

  copy(): Variables {
    const copy = new Variables(this.outer);
    for (const [name, value] of this.own) copy.own.set(name, value);
    return copy;
  }

  private total(): number {
    return sum([...this.own.values()].map(sizeOf)) + (this.outer?.total() ?? 0);
  }
}

/** The size of a value, in bytes of JSON. */
export function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value ?? null));
}

/** @throws StateFailure when a payload is larger than the quota */
export function checkSize(value: unknown, what: string): void {
  if (sizeOf(value) > stepFunctions.payloadSize.value) throw dataLimit(what);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
