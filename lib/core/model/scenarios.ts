import { type Assumptions, isList, isMap } from './select';
import { Choice, Computed, type Value } from './values';
import type { JsonObject } from '../record';

/** Maximum combinations to look at. */
const MAX_COMBINATIONS = 2048;
const MAX_SCENARIOS = 16;
const MAX_DEPTH = 200;

/** The facts about a template's conditions. */
export interface ConditionFacts {
  /** The `Conditions`. */
  readonly conditions: JsonObject;
  /** The `Parameters`. */
  readonly parameters: JsonObject;
  /** The result if literals decide it; undefined if open. */
  decided(name: string): boolean | undefined;
  /** The name of the comparison of a parameter with a value. */
  nameOfComparison(parameter: string, value: string): string;
}

/**
 * The possible combinations of some conditions, each with all other open conditions it decides. `IsProd` and
 * `IsTest`, which compare one parameter with two values, never hold together.
 * @param wanted names of open conditions
 * @param ranging parameters to distinguish by value
 * @returns empty if there are too many
 */
export function scenariosOf(
  facts: ConditionFacts,
  wanted: readonly string[],
  ranging: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
): Assumptions[] {
  const variables = new Variables(facts, ranging);
  for (const name of wanted) variables.collect({ Condition: name });
  const assignments = variables.assignments();
  const open = Object.keys(facts.conditions).filter((name) => facts.decided(name) === undefined);
  const all = [...new Set([...wanted, ...open])];
  const scenarios = new Map<string, Map<string, boolean | undefined>>();
  for (const assignment of assignments) {
    const truth = new Map<string, boolean | undefined>(
      all.map((name) => [name, variables.holds({ Condition: name }, assignment)]),
    );
    for (const [parameter, value] of assignment) {
      for (const one of variables.domain(parameter)) truth.set(facts.nameOfComparison(parameter, one), value === one);
    }
    const key = JSON.stringify([
      wanted.map((name) => String(truth.get(name))),
      [...ranging.keys()].map((name) => assignment.get(name)),
    ]);
    const scenario = scenarios.get(key);
    if (!scenario) scenarios.set(key, truth);
    // Anything that differs within a scenario is open in it.
    else for (const [name, holds] of truth) if (scenario.get(name) !== holds) scenario.set(name, undefined);
  }
  if (scenarios.size > MAX_SCENARIOS) return [];
  return [...scenarios.values()].map((truth) =>
    Object.fromEntries([...truth].filter((entry): entry is [string, boolean] => entry[1] !== undefined)),
  );
}

/** Values of parameters, and of comparisons treated as variables (`true`, `false`). */
type Assignment = ReadonlyMap<string, string>;

/** Any value that no comparison uses. */
const OTHER = '\u0000other';

class Variables {
  private readonly values = new Map<string, Set<string>>();

  constructor(
    private readonly facts: ConditionFacts,
    private readonly ranging: ReadonlyMap<string, ReadonlySet<string>>,
  ) {
    for (const [name, values] of ranging) this.values.set(name, new Set(values));
  }

  /** The values that a parameter is compared with. */
  domain(name: string): string[] {
    return [...(this.values.get(name) ?? [])].filter((value) => value !== OTHER && !name.startsWith('{'));
  }

  collect(expression: unknown, depth = 0): void {
    const [operator, operand] = single(expression);
    if (depth > MAX_DEPTH || operator === undefined) return;
    if (operator === 'Condition') {
      const name = String(operand);
      if (this.facts.decided(name) === undefined) this.collect(this.named(name), depth + 1);
    } else if (operator === 'Fn::Equals') {
      const compared = comparison(operand);
      if (compared) this.values.set(compared.name, (this.values.get(compared.name) ?? new Set()).add(compared.value));
      else this.values.set(JSON.stringify(expression), new Set(['true', 'false']));
    } else for (const one of [operand].flat()) this.collect(one, depth + 1);
  }

  /** Every assignment of the variables; none if there are too many. */
  assignments(): Assignment[] {
    let all: ReadonlyMap<string, string>[] = [new Map()];
    for (const [name, values] of this.values) {
      const allowed = allowedValues(this.facts.parameters[name]);
      const possible = name.startsWith('{')
        ? [...values]
        : (allowed ?? [...values, ...(this.ranging.has(name) ? [] : [OTHER])]);
      all = all.flatMap((assignment) => possible.map((value) => new Map([...assignment, [name, value]])));
      if (all.length > MAX_COMBINATIONS) return [];
    }
    return all;
  }

  /** Whether an expression holds; undefined where it depends on something else. */
  holds(expression: unknown, given: Assignment, depth = 0): boolean | undefined {
    const [operator, operand] = single(expression);
    if (depth > MAX_DEPTH || operator === undefined) return undefined;
    switch (operator) {
      case 'Condition': {
        const name = String(operand);
        return this.facts.decided(name) ?? this.holds(this.named(name), given, depth + 1);
      }
      case 'Fn::Not': {
        const inner = this.holds([operand].flat()[0], given, depth + 1);
        return inner === undefined ? undefined : !inner;
      }
      case 'Fn::And':
      case 'Fn::Or': {
        const parts = [operand].flat().map((one) => this.holds(one, given, depth + 1));
        const decisive = operator === 'Fn::Or';
        if (parts.includes(decisive)) return decisive;
        return parts.includes(undefined) ? undefined : !decisive;
      }
      case 'Fn::Equals': {
        const compared = comparison(operand);
        const value = given.get(compared ? compared.name : JSON.stringify(expression));
        // For a value outside the wanted comparisons, other comparisons are undecided.
        if (
          value === undefined ||
          (value === OTHER && compared && !this.values.get(compared.name)?.has(compared.value))
        ) {
          return undefined;
        }
        return value === (compared ? compared.value : 'true');
      }
      default:
        return undefined;
    }
  }

  private named(name: string): unknown {
    return Object.hasOwn(this.facts.conditions, name) ? this.facts.conditions[name] : undefined;
  }
}

/** A parameter and the literal that it is compared with. */
function comparison(operand: unknown): { readonly name: string; readonly value: string } | undefined {
  const [left, right] = [operand].flat();
  for (const [one, other] of [
    [left, right],
    [right, left],
  ]) {
    const [operator, name] = single(one);
    if (operator === 'Ref' && typeof name === 'string' && ['string', 'number', 'boolean'].includes(typeof other)) {
      return { name, value: String(other) };
    }
  }
  return undefined;
}

function allowedValues(declaration: unknown): string[] | undefined {
  const declared = typeof declaration === 'object' && declaration !== null ? (declaration as JsonObject) : {};
  const { AllowedValues: allowed } = declared;
  return Array.isArray(allowed) && allowed.length > 0 ? allowed.map(String) : undefined;
}

function single(expression: unknown): [string | undefined, unknown] {
  if (typeof expression !== 'object' || expression === null || Array.isArray(expression)) return [undefined, undefined];
  const [entry, ...more] = Object.entries(expression);
  return entry && more.length === 0 ? entry : [undefined, undefined];
}

/** A value in a scenario: choices that the scenario decides are decided. The value itself if there are none. */
export function settled(value: Value | undefined, scenario: Assumptions): Value | undefined {
  if (value instanceof Choice) {
    if (Object.hasOwn(scenario, value.condition)) {
      return settled(scenario[value.condition] ? value.then : value.otherwise, scenario);
    }
    const [then, otherwise] = [settled(value.then, scenario), settled(value.otherwise, scenario)];
    return then === value.then && otherwise === value.otherwise ? value : new Choice(value.condition, then, otherwise);
  }
  if (isList(value)) {
    const items = value.map((item) => settled(item, scenario));
    if (items.every((item, index) => item === value[index])) return value;
    return items.filter((item) => item !== undefined);
  }
  if (!isMap(value) || value instanceof Computed) return value;
  let changed = false;
  const members = Object.entries(value).flatMap(([name, item]): [string, Value][] => {
    const inScenario = settled(item, scenario);
    changed ||= inScenario !== item;
    return inScenario === undefined ? [] : [[name, inScenario]];
  });
  return changed ? Object.fromEntries(members) : value;
}
