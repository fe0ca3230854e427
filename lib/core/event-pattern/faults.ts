import { GRAMMARS, type Operator, type PatternPlace } from './grammar';
import type { ListNode, Node, ObjectNode } from './node';
import { OPERAND_CHECKS } from './operands';

/** What is wrong with a pattern, or that it cannot be told. */
export interface PatternFault {
  /** Place in the pattern, dotted. */
  readonly place: string;
  /** What is wrong, from its verb on; undefined where a value is known only at deployment. */
  readonly fault?: string;
  /** As the service words it, where it is known. */
  readonly message?: string;
  /** Why it cannot be told, where it is not a value. */
  readonly unknown?: string;
}

/**
 * What a service refuses in a pattern, as the compiler that AWS publishes does (event-ruler 2.0), and the operators that a
 * place does not take.
 * @see https://github.com/aws/event-ruler
 */
export function faultsIn(pattern: Node, where: PatternPlace): readonly PatternFault[] {
  if (pattern.kind === 'open') return [{ place: '' }];
  if (pattern.kind !== 'object') return [{ place: '', fault: 'is not an object', message: 'Filter is not an object' }];
  return [...fields(pattern, '', where, false)];
}

/** Names that no field below `$or` may have. */
const RESERVED = new Set(
  [
    'exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard',
    'not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range ip-address-in-range',
    'ip-address-not-in-range',
  ].flatMap((line) => line.split(' ')),
);

function* fields({ members }: ObjectNode, place: string, where: PatternPlace, inOr: boolean): Iterable<PatternFault> {
  if (members.length === 0) yield { place, fault: 'is empty', message: 'Empty objects are not allowed' };
  for (const [name, value] of members) {
    const at = place === '' ? name : `${place}.${name}`;
    if (name === '$or') yield* either(value, at, where);
    else if (inOr && RESERVED.has(name)) {
      const message = `${name} is Ruler reserved fieldName which cannot be used inside $or.`;
      yield { place: at, fault: `has a field '${name}' inside '$or', where that is an operator`, message };
    } else if (value.kind === 'object') yield* fields(value, at, where, inOr);
    else if (value.kind === 'list') yield* values(value, at, where);
    else yield single(value, at, name);
  }
}

function single(value: Node, place: string, name: string): PatternFault {
  if (value.kind === 'open') return { place };
  return {
    place,
    fault: 'is a single value, and must be a list',
    message: `"${name}" must be an object or an array`,
  };
}

function* either(value: Node, place: string, where: PatternPlace): Iterable<PatternFault> {
  if (value.kind === 'open') return yield { place };
  if (value.kind !== 'list')
    return yield { place, fault: 'is not a list', message: 'It must be an Array followed with $or.' };
  for (const [index, one] of value.items.entries()) {
    const at = `${place}.${index}`;
    if (one.kind === 'object') yield* fields(one, at, where, true);
    else if (one.kind === 'open') yield { place: at };
    else
      yield {
        place: at,
        fault: 'is not an object',
        message: 'Only JSON object is allowed in array of $or relationship.',
      };
  }
  if (value.items.length < 2)
    yield {
      place,
      fault: 'has fewer than two patterns',
      message: 'There must have at least 2 Objects in $or relationship.',
    };
}

function* values({ items }: ListNode, place: string, where: PatternPlace): Iterable<PatternFault> {
  if (items.length === 0) yield { place, fault: 'is an empty list', message: 'Empty arrays are not allowed' };
  for (const [index, item] of items.entries()) {
    const at = `${place}.${index}`;
    if (item.kind === 'list')
      yield {
        place: at,
        fault: 'is a list in a list',
        message: 'Match value must be String, number, true, false, or null',
      };
    if (item.kind === 'object') yield* comparison(item, at, where);
  }
}

function* comparison({ members }: ObjectNode, place: string, where: PatternPlace): Iterable<PatternFault> {
  const [first, ...more] = members;
  if (!first) return yield { place, fault: 'must have one operator', message: 'Match expression name not found' };
  const [name, operand] = first;
  const check = Object.hasOwn(OPERAND_CHECKS, name) ? OPERAND_CHECKS[name] : undefined;
  if (!check)
    return yield {
      place,
      fault: `has the operator '${name}', which does not exist`,
      message: `Unrecognized match type ${name}`,
    };
  if (more.length > 0)
    return yield { place, fault: 'must have one operator', message: 'Only one key allowed in match expression' };
  const wrong = check(operand);
  if (wrong) yield { place, ...wrong, fault: `has '${name}' with ${wrong.fault}` };
  yield* notTaken(operatorOf(name, operand), place, where);
}

function* notTaken(operator: Operator | undefined, place: string, where: PatternPlace): Iterable<PatternFault> {
  const { lacks, undocumented, name } = GRAMMARS[where];
  if (operator === undefined) return;
  if (lacks.includes(operator))
    yield { place, fault: `has the operator '${operator}', which ${name} does not support here` };
  if (undocumented.includes(operator))
    yield { place, unknown: `it is not documented whether ${name} takes '${operator}' here` };
}

function operatorOf(name: string, operand: Node): Operator | undefined {
  const nested = operand.kind === 'object' ? operand.members[0]?.[0] : undefined;
  return (name === 'exactly' ? undefined : nested === undefined ? name : `${name} ${nested}`) as Operator | undefined;
}
