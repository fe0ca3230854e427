import { parseJson } from '../model/json-document';
import { createHash } from 'node:crypto';
import type { PolicyDocument, Statement } from './policy';
import type { Resource } from '../model/model';
import type { Names } from '../model/names';
import { type Assumptions, at, describe, isList, isMap, literal } from '../model/select';
import { Choice, Computed, Reference, Secret, Text, Unknown, type Value } from '../model/values';
import { problemOf, type PolicyKind } from './statement';

/** A statement in a template, in one branch of its conditions. */
export interface TemplateStatement {
  /**
   * As JSON, in version 2012-10-17 of the language; deployment-time values are in angle brackets. / Undefined if it
   * cannot be read.
   */
  readonly statement?: Statement;
  /** The template conditions under which it exists. */
  readonly when: Assumptions;
  /** Why it cannot be judged. */
  readonly problem?: string;
  /** What an unreadable one does, as far as known. */
  readonly effect?: Statement['Effect'];
  /** The resource that holds it. */
  readonly holder: Resource;
  /** Its dotted place in the holder: `PolicyDocument.Statement.0`. */
  readonly property: string;
}

/**
 * Identifies a statement within its holder, whatever its position: its `Sid`, or a digest of its content; prefixed with
 * the name of an inline policy.
 */
export function statementKey({ statement, holder, property }: TemplateStatement): string {
  const inline = literal(at(holder, property.replace(/PolicyDocument\..*$/, 'PolicyName')));
  const digest = () =>
    createHash('sha256')
      .update(JSON.stringify(statement ?? {}))
      .digest('hex')
      .slice(0, 8);
  const own = typeof statement?.Sid === 'string' && statement.Sid !== '' ? statement.Sid : digest();
  return property.startsWith('Policies.') && typeof inline === 'string' ? `${inline}/${own}` : own;
}

/** The place of a policy document. */
export interface DocumentPlace {
  /** The resource that holds it. */
  readonly holder: Resource;
  /** Its property, dotted. */
  readonly property: string;
  /** The required elements of its statements. */
  readonly kind: PolicyKind;
  /** The names of referenced resources. */
  readonly names: Names;
}

/** Maximum branches of a statement to look at one by one. */
const MAX_BRANCHES = 32;

/** The statements of a template's policy document, as an object or JSON text, in every branch. */
export function statementsOf(document: Value | undefined, place: DocumentPlace): readonly TemplateStatement[] {
  const { holder, property } = place;
  return inBranches(document, {}).flatMap(({ value, when }) => {
    if (value === undefined) return [];
    const parsed = jsonOf(value, place);
    if (!isMap(parsed)) return [{ holder, property, when, problem: unreadable(value, parsed, place) }];
    const version = literal(parsed.Version);
    const statements = `${property}.Statement`;
    if (parsed.Statement === undefined) return [{ holder, property, when, problem: `it has no 'Statement'` }];
    return inBranches(jsonOf(parsed.Statement, place), when).flatMap((list) =>
      (isList(list.value) ? list.value : [list.value]).flatMap((item, index) =>
        inBranches(item, list.when).flatMap((one) =>
          one.value === undefined
            ? []
            : toStatement(one.value, one.when, { ...place, property: `${statements}.${index}` }, version),
        ),
      ),
    );
  });
}

/** A standalone statement, as on an event bus, under the template's conditions there. */
export function statementOf(value: Value, place: DocumentPlace, when: Assumptions): readonly TemplateStatement[] {
  return inBranches(value, when).flatMap((branch) =>
    branch.value === undefined ? [] : toStatement(branch.value, branch.when, place, '2012-10-17'),
  );
}

function toStatement(
  value: Value,
  when: Assumptions,
  { holder, property, kind, names }: DocumentPlace,
  given: ReturnType<typeof literal>,
): TemplateStatement[] {
  const base = { holder, property };
  if (!isMap(value)) {
    const text = names.text(value, holder.template);
    return [{ ...base, when, problem: `a statement is known only at deployment${text ? `: '${text}'` : ''}` }];
  }
  const parts = computedIn(value, []);
  const branches = parts.some((part) => part instanceof Choice) ? deepBranches(value, when) : [{ value, when }];
  if (branches.length > MAX_BRANCHES) return [{ ...base, when, problem: 'a statement has too many branches' }];
  const version: PolicyDocument['Version'] = given === undefined || given === null ? undefined : String(given);
  const made = branches.map((branch): TemplateStatement => {
    const statement = names.plain(branch.value, holder.template) as unknown as Statement;
    const problem =
      lost(branch.value === value ? parts : computedIn(branch.value, []), names, holder) ??
      openElement(branch.value) ??
      problemOf(statement, kind, version);
    const effect = statement?.Effect === 'Deny' || statement?.Effect === 'Allow' ? { effect: statement.Effect } : {};
    if (problem !== undefined) return { ...base, ...effect, problem, when: branch.when };
    return { ...base, statement: version === '2012-10-17' ? statement : inNewVersion(statement), when: branch.when };
  });
  // Identical branches are one statement without a condition.
  const [first, ...others] = made;
  if (!first?.statement || others.length === 0) return made;
  const text = JSON.stringify(first.statement);
  return others.every(({ statement }) => JSON.stringify(statement) === text) ? [{ ...first, when }] : made;
}

/** The non-literal parts of a value, at any depth and in every branch. */
function computedIn(value: Value | undefined, found: Computed[]): readonly Computed[] {
  if (typeof value !== 'object' || value === null) return found;
  if (value instanceof Computed) {
    found.push(value);
    if (value instanceof Choice) {
      computedIn(value.then, found);
      computedIn(value.otherwise, found);
    }
  } else if (isList(value)) for (const item of value) computedIn(item, found);
  else for (const item of Object.values(value)) computedIn(item, found);
  return found;
}

/** A part without any text, which JSON would drop, changing the meaning of the rest. */
function lost(parts: readonly Computed[], names: Names, holder: Resource): string | undefined {
  const part = parts.find((one) => !(one instanceof Choice) && names.text(one as Value, holder.template) === undefined);
  return part && `${describe(part as Value)} is known only at deployment`;
}

/** An element that must be a map but is known only at deployment. */
function openElement(statement: Value | undefined): string | undefined {
  const open = ['Condition', 'Principal', 'NotPrincipal'].find((name) => {
    const value = at(statement, name);
    return value instanceof Unknown || value instanceof Secret || value instanceof Reference;
  });
  return open && `its '${open}' is known only at deployment`;
}

/**
 * Converts a statement from version 2008-10-17 to 2012-10-17: `${aws:username}` is a variable only in the latter, and
 * plain text before.
 */
function inNewVersion(statement: Statement): Statement {
  const text = JSON.stringify(statement);
  return text.includes('${') ? (JSON.parse(text.replaceAll('${', '${$}{')) as Statement) : statement;
}

/** A policy may be JSON text, as for logs. */
function jsonOf(value: Value | undefined, { names, holder }: DocumentPlace): Value | undefined {
  if (typeof value !== 'string' && !(value instanceof Text)) return value;
  try {
    return parseJson(names.text(value, holder.template) ?? '', holder.template).data as Value;
  } catch {
    return new Unknown('text that is not JSON');
  }
}

function unreadable(value: Value, parsed: Value | undefined, { names, holder }: DocumentPlace): string {
  if (typeof value === 'string' || value instanceof Text)
    return 'the policy is text that is not JSON, or has a name twice';
  const text = isList(parsed) ? undefined : names.text(value, holder.template);
  return `the policy is known only at deployment${text ? `: '${text}'` : ''}`;
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
