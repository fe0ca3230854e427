import { type Assumptions, toText } from './select';
import type { Value } from './values';

/**
 * The result of a condition: decided by literals, or open and equal to (or the opposite of) the named condition.
 * Equivalent conditions share a name, so that their branches agree.
 */
export type Outcome = boolean | { readonly condition: string; readonly negated: boolean };

/** Conditions nested deeper than this are left open; no real template comes near. */
const MAX_DEPTH = 200;

/** The `Conditions` of a template. A parameter's default decides nothing: a deployment may override it. */
export class Conditions {
  private readonly outcomes = new Map<string, Outcome>();
  private readonly names = new Map<string, string>();
  private readonly open = new Set<string>();

  /**
   * @param section the `Conditions` of the template
   * @param literalOf gives the value of an operand where it depends on literals alone
   */
  constructor(
    private readonly section: Readonly<Record<string, unknown>>,
    private readonly literalOf: (raw: unknown) => Value | undefined,
  ) {
    for (const [name, expression] of Object.entries(section)) {
      const key = JSON.stringify(expression);
      if (!this.names.has(key)) this.names.set(key, name);
    }
  }

  /** The result of a condition, under assumptions about others. */
  outcome(name: string, assumed: Assumptions = {}): Outcome {
    const outcome = this.byName(name);
    if (typeof outcome === 'boolean' || !Object.hasOwn(assumed, outcome.condition)) return outcome;
    return assumed[outcome.condition] !== outcome.negated;
  }

  /** The name of the comparison of a parameter with a value. */
  nameOfComparison(parameter: string, value: string): string {
    const written = [{ 'Fn::Equals': [{ Ref: parameter }, value] }, { 'Fn::Equals': [value, { Ref: parameter }] }].map(
      (expression) => this.names.get(JSON.stringify(expression)),
    );
    return written.find((name) => name !== undefined) ?? `${parameter} is '${value}'`;
  }

  private byName(name: string): Outcome {
    const known = this.outcomes.get(name);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.section, name) || this.open.has(name) || this.open.size > MAX_DEPTH) {
      return { condition: name, negated: false };
    }
    this.open.add(name);
    const outcome = this.evaluate(this.section[name], name);
    this.open.delete(name);
    this.outcomes.set(name, outcome);
    return outcome;
  }

  private evaluate(expression: unknown, fallback: string): Outcome {
    const [operator, operand] = single(expression);
    switch (operator) {
      case 'Condition':
        return typeof operand === 'string' ? this.byName(operand) : this.undecided(expression, fallback);
      case 'Fn::Not': {
        const inner = this.evaluate(Array.isArray(operand) ? operand[0] : operand, '');
        if (typeof inner === 'boolean') return !inner;
        return inner.condition === ''
          ? this.undecided(expression, fallback)
          : { condition: inner.condition, negated: !inner.negated };
      }
      case 'Fn::Equals': {
        const [left, right] = Array.isArray(operand) ? operand.map((side) => toText(this.literalOf(side))) : [];
        return left === undefined || right === undefined ? this.undecided(expression, fallback) : left === right;
      }
      case 'Fn::And':
      case 'Fn::Or':
        return this.combined(operator === 'Fn::And', expression, operand, fallback);
      default:
        return this.undecided(expression, fallback);
    }
  }

  private combined(all: boolean, expression: unknown, operand: unknown, fallback: string): Outcome {
    const outcomes = (Array.isArray(operand) ? operand : [operand]).map((item) => this.evaluate(item, ''));
    if (outcomes.some((outcome) => outcome === !all)) return !all;
    const undecided = outcomes.filter((outcome) => typeof outcome !== 'boolean');
    const [only] = undecided;
    if (only === undefined) return all;
    return undecided.length === 1 && only.condition !== '' ? only : this.undecided(expression, fallback);
  }

  /** An undecided expression has the name of its condition, or none (`''`) inside another. */
  private undecided(expression: unknown, fallback: string): Outcome {
    return { condition: this.names.get(JSON.stringify(expression)) ?? fallback, negated: false };
  }
}

function single(expression: unknown): [string | undefined, unknown] {
  if (typeof expression !== 'object' || expression === null || Array.isArray(expression)) return [undefined, undefined];
  const [entry, ...more] = Object.entries(expression);
  return entry && more.length === 0 ? entry : [undefined, undefined];
}
