import { type PolicyDocument, type Statement } from './policy';
import { type Names } from '../model/names';
import { type Assumptions, isList, isMap, literal } from '../model/select';
import { Choice, Text, Unknown, type Value } from '../model/values';
import { problemOf, type PolicyKind } from './statement';

/** A statement of a template, in one branch of the template's conditions. */
export interface TemplateStatement {
  /** As JSON; what is known only at deployment stands in angle brackets. Undefined when it cannot be read. */
  readonly statement?: Statement;
  /** The version of its document. */
  readonly version?: string;
  /** The conditions of the template under which it stands there. */
  readonly when: Assumptions;
  /** Why it cannot be judged. */
  readonly problem?: string;
}

/** More branches than this of one statement are not looked at one by one. */
const MAX_BRANCHES = 32;

/**
 * The statements of a policy document that stands in a template, in every branch.
 * @param kind where the policy stands
 */
export function statementsOf(
  document: Value | undefined,
  kind: PolicyKind,
  names: Names,
  template: string,
): readonly TemplateStatement[] {
  return inBranches(document, {}).flatMap(({ value, when }) => {
    if (value === undefined) return [];
    const parsed = jsonOf(value, names, template);
    if (!isMap(parsed)) return [{ when, problem: `the policy is known only at deployment` }];
    const version = literal(parsed['Version']);
    const read = (statement: Value, assumed: Assumptions) =>
      toStatement(statement, assumed, { kind, names, template, version });
    return inBranches(parsed['Statement'], when).flatMap((list) =>
      (isList(list.value) ? list.value : [list.value]).flatMap((item) =>
        inBranches(item, list.when).flatMap((one) => (one.value === undefined ? [] : read(one.value, one.when))),
      ),
    );
  });
}

/** A statement given by itself, as an event bus has it. */
export function statementOf(
  value: Value,
  kind: PolicyKind,
  names: Names,
  template: string,
): readonly TemplateStatement[] {
  return toStatement(value, {}, { kind, names, template, version: '2012-10-17' });
}

interface Place {
  readonly kind: PolicyKind;
  readonly names: Names;
  readonly template: string;
  readonly version: ReturnType<typeof literal>;
}

function toStatement(value: Value, when: Assumptions, place: Place): TemplateStatement[] {
  if (!isMap(value)) return [{ when, problem: 'a statement is known only at deployment' }];
  const branches = deepBranches(value, when);
  if (branches.length > MAX_BRANCHES) return [{ when, problem: 'a statement has too many branches' }];
  const version: PolicyDocument['Version'] =
    place.version === undefined || place.version === null ? undefined : String(place.version);
  const made = branches.map((branch): TemplateStatement => {
    const statement = place.names.plain(branch.value, place.template) as unknown as Statement;
    const problem = problemOf(statement, place.kind, version);
    return { ...(problem === undefined ? { statement } : { problem }), version, when: branch.when };
  });
  // Branches that come to the same are one statement without a condition.
  const [first, ...others] = made;
  const same = others.every(({ statement }) => JSON.stringify(statement) === JSON.stringify(first?.statement));
  return first && same && first.statement ? [{ ...first, when }] : made;
}

/** A policy may stand in a template as text, as that of logs does. */
function jsonOf(value: Value, names: Names, template: string): Value {
  if (typeof value !== 'string' && !(value instanceof Text)) return value;
  try {
    return JSON.parse(names.text(value, template) ?? '') as Value;
  } catch {
    return new Unknown('the policy is text that is not JSON');
  }
}

interface Branch {
  readonly value: Value | undefined;
  readonly when: Assumptions;
}

/** The branches of a value whose top is a choice. */
function inBranches(value: Value | undefined, when: Assumptions): readonly Branch[] {
  if (!(value instanceof Choice)) return [{ value, when }];
  return [true, false].flatMap((outcome) => {
    if ((when[value.condition] ?? outcome) !== outcome) return [];
    return inBranches(outcome ? value.then : value.otherwise, { ...when, [value.condition]: outcome });
  });
}

/** The branches of a value with choices anywhere in it. */
function deepBranches(value: Value | undefined, when: Assumptions): readonly Branch[] {
  const condition = firstCondition(value, when);
  if (condition === undefined) return [{ value: decided(value, when), when }];
  const branches: Branch[] = [];
  for (const outcome of [true, false]) {
    branches.push(...deepBranches(value, { ...when, [condition]: outcome }));
    if (branches.length > MAX_BRANCHES) break;
  }
  return branches;
}

function firstCondition(value: Value | undefined, when: Assumptions): string | undefined {
  if (value instanceof Choice) {
    const known = when[value.condition];
    return known === undefined ? value.condition : firstCondition(known ? value.then : value.otherwise, when);
  }
  const children = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  for (const child of children) {
    const found = firstCondition(child, when);
    if (found !== undefined) return found;
  }
  return undefined;
}

function decided(value: Value | undefined, when: Assumptions): Value | undefined {
  if (value instanceof Choice) return decided(when[value.condition] ? value.then : value.otherwise, when);
  if (isList(value)) return value.map((item) => decided(item, when)).filter((item) => item !== undefined);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, decided(item, when)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => entry[1] !== undefined));
}
