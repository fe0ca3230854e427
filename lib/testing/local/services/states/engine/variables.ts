import { stepFunctions } from '../../../../../core/facts';
import { dataLimit } from './failure';

/** All variables of an execution together, in bytes. */
const MAX_TOTAL = 10 * 1024 * 1024;

/** The variables of a flow: its own, and those of the flows around it, which it only reads. */
export class Variables {
  private readonly own = new Map<string, unknown>();

  /** @param outer those of the flow around; none for an execution, and for what a distributed map runs */
  constructor(private readonly outer?: Variables) {}

  /** Everything that can be read. */
  all(): Readonly<Record<string, unknown>> {
    return { ...this.outer?.all(), ...Object.fromEntries(this.own) };
  }

  /**
   * Assigns several at once.
   * @throws StateFailure when one of them, or all of them, are too large
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

/** What a value counts, in bytes of its JSON. */
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
