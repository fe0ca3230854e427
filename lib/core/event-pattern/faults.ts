import { networkOf } from './addresses';
import { GRAMMARS, type Operator, type PatternPlace } from './grammar';
import type { ListNode, Node, ObjectNode } from './node';
import { comparable } from './numbers';

/** What is wrong with a pattern, or that it cannot be told. */
export interface PatternFault {
  /** Place in the pattern, dotted. */
  readonly place: string;
  /** What is wrong, from its verb on; undefined where a value is known only at deployment. */
  readonly fault?: string;
  /** As the service words it, where it is known. */
  readonly said?: string;
  /** Why it cannot be told, where it is not a value. */
  readonly untold?: string;
}

/**
 * What a service refuses in a pattern, as the compiler that AWS publishes does (event-ruler 2.0), and the operators that a
 * place does not take.
 * @see https://github.com/aws/event-ruler
 */
export function faultsIn(pattern: Node, where: PatternPlace): readonly PatternFault[] {
  if (pattern.kind === 'open') return [{ place: '' }];
  if (pattern.kind !== 'object') return [{ place: '', fault: 'is no object', said: 'Filter is not an object' }];
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
  if (members.length === 0) yield { place, fault: 'is empty', said: 'Empty objects are not allowed' };
  for (const [name, value] of members) {
    const at = place === '' ? name : `${place}.${name}`;
    if (name === '$or') yield* either(value, at, where);
    else if (inOr && RESERVED.has(name)) {
      const said = `${name} is Ruler reserved fieldName which cannot be used inside $or.`;
      yield { place: at, fault: `has a field '${name}' inside of '$or', where that is an operator`, said };
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
    said: `"${name}" must be an object or an array`,
  };
}

function* either(value: Node, place: string, where: PatternPlace): Iterable<PatternFault> {
  if (value.kind === 'open') return yield { place };
  if (value.kind !== 'list')
    return yield { place, fault: 'is no list', said: 'It must be an Array followed with $or.' };
  for (const [index, one] of value.items.entries()) {
    const at = `${place}.${index}`;
    if (one.kind === 'object') yield* fields(one, at, where, true);
    else if (one.kind === 'open') yield { place: at };
    else yield { place: at, fault: 'is no object', said: 'Only JSON object is allowed in array of $or relationship.' };
  }
  if (value.items.length < 2)
    yield {
      place,
      fault: 'has fewer than two patterns',
      said: 'There must have at least 2 Objects in $or relationship.',
    };
}

function* values({ items }: ListNode, place: string, where: PatternPlace): Iterable<PatternFault> {
  if (items.length === 0) yield { place, fault: 'is an empty list', said: 'Empty arrays are not allowed' };
  for (const [index, item] of items.entries()) {
    const at = `${place}.${index}`;
    if (item.kind === 'list')
      yield {
        place: at,
        fault: 'is a list in a list',
        said: 'Match value must be String, number, true, false, or null',
      };
    if (item.kind === 'object') yield* comparison(item, at, where);
  }
}

function* comparison({ members }: ObjectNode, place: string, where: PatternPlace): Iterable<PatternFault> {
  const [first, ...more] = members;
  if (!first) return yield { place, fault: 'must have one operator', said: 'Match expression name not found' };
  const [name, operand] = first;
  const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
  if (!check)
    return yield {
      place,
      fault: `has the operator '${name}', which there is not`,
      said: `Unrecognized match type ${name}`,
    };
  if (more.length > 0)
    return yield { place, fault: 'must have one operator', said: 'Only one key allowed in match expression' };
  const wrong = check(operand);
  if (wrong) yield { place, ...wrong, fault: `has '${name}' with ${wrong.fault}` };
  yield* notTaken(operatorOf(name, operand), place, where);
}

function* notTaken(operator: Operator | undefined, place: string, where: PatternPlace): Iterable<PatternFault> {
  const { lacks, untold, name } = GRAMMARS[where];
  if (operator === undefined) return;
  if (lacks.includes(operator))
    yield { place, fault: `has the operator '${operator}', which ${name} does not take here` };
  if (untold.includes(operator))
    yield { place, untold: `it is not documented whether ${name} takes '${operator}' here` };
}

function operatorOf(name: string, operand: Node): Operator | undefined {
  const nested = operand.kind === 'object' ? operand.members[0]?.[0] : undefined;
  return (name === 'exactly' ? undefined : nested === undefined ? name : `${name} ${nested}`) as Operator | undefined;
}

interface Wrong {
  readonly fault: string;
  /** Absent for what only the documentation refuses. */
  readonly said?: string;
}

type Check = (operand: Node) => Wrong | undefined;

const CHECKS: Readonly<Record<string, Check>> = {
  exactly: (operand) => notText(operand, 'exact match pattern must be a string'),
  prefix: (operand) => textOrIgnoringCase(operand, 'prefix'),
  suffix: (operand) => textOrIgnoringCase(operand, 'suffix'),
  'equals-ignore-case': (operand) => notText(operand, 'equals-ignore-case match pattern must be a string'),
  wildcard,
  exists: (operand) =>
    operand.kind === 'open' || (operand.kind === 'word' && operand.text !== 'null')
      ? undefined
      : { fault: 'a value that is not true or false', said: 'exists match pattern must be either true or false.' },
  numeric,
  cidr: (operand) => {
    if (operand.kind !== 'text') return notText(operand, 'prefix match pattern must be a string');
    const network = networkOf(operand.text);
    return typeof network === 'string' ? { fault: 'a value that is no CIDR block', said: network } : undefined;
  },
  'anything-but': anythingBut,
};

const NO_TEXT = 'a value that is no text';

function notText(operand: Node, said: string): Wrong | undefined {
  return operand.kind === 'text' || operand.kind === 'open' ? undefined : { fault: NO_TEXT, said };
}

function textOrIgnoringCase(operand: Node, operator: string): Wrong | undefined {
  if (operand.kind !== 'object') return notText(operand, `${operator} match pattern must be a string`);
  const [first, ...more] = operand.members;
  if (first?.[0] !== 'equals-ignore-case') {
    const said = `Unsupported ${operator} pattern: ${first?.[0]}`;
    return { fault: NO_TEXT, said };
  }
  if (more.length > 0) return { fault: 'two operators inside', said: 'Only one key allowed in match expression' };
  return notText(first[1], 'equals-ignore-case match pattern must be a string');
}

function wildcard(operand: Node): Wrong | undefined {
  if (operand.kind !== 'text') return notText(operand, 'wildcard match pattern must be a string');
  // The quotation mark before the text counts for the service.
  const stars = /^(?:[^\\*]|\\[\\*]|\*(?!\*))*?\*\*/.exec(operand.text);
  const escape = /^(?:[^\\]|\\[\\*])*\\(?![\\*])/.exec(operand.text);
  if (stars && (!escape || stars[0].length < escape[0].length)) {
    return { fault: 'two stars in a row', said: `Consecutive wildcard characters at pos ${bytes(stars[0]) - 1}` };
  }
  return escape
    ? {
        fault: 'a backslash before neither a star nor a backslash',
        said: `Invalid escape character at pos ${bytes(escape[0])}`,
      }
    : undefined;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

const INSIDE: Readonly<Record<string, string>> = {
  prefix: 'prefix/suffix match pattern must be a string',
  suffix: 'prefix/suffix match pattern must be a string',
  'equals-ignore-case': 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  wildcard: 'wildcard match pattern must be a string',
};
const NO_VALUES = 'Value of anything-but must be an array or single string/number value.';

function anythingBut(operand: Node): Wrong | undefined {
  if (operand.kind === 'object') return anythingButInside(operand);
  if (operand.kind === 'list') return listed(operand);
  return operand.kind === 'word'
    ? { fault: `${operand.text === 'null' ? 'null' : 'true or false'}`, said: NO_VALUES }
    : notComparable(operand);
}

function anythingButInside({ members }: ObjectNode): Wrong | undefined {
  const [first, ...more] = members;
  if (!first) return { fault: 'no operator inside', said: 'Anything-But expression name not found' };
  const [operator, value] = first;
  const said = Object.hasOwn(INSIDE, operator) ? INSIDE[operator]! : undefined;
  if (said === undefined)
    return { fault: `the operator '${operator}' inside`, said: `Unsupported anything-but pattern: ${operator}` };
  if (more.length > 0) return { fault: 'two operators inside', said: 'Too many elements in numeric expression' };
  if (value.kind === 'object' || value.kind === 'word') return { fault: NO_TEXT, said: NO_VALUES };
  const texts = value.kind === 'list' ? value.items : [value];
  if (value.kind === 'list' && texts.length === 0 && operator !== 'wildcard') return undefined;
  for (const text of texts) {
    const wrong = notText(text, said) ?? insideText(operator, text);
    if (wrong) return wrong;
  }
  return undefined;
}

function insideText(operator: string, text: Node): Wrong | undefined {
  if (operator === 'wildcard') return wildcard(text);
  return operator !== 'equals-ignore-case' && text.kind === 'text' && text.text === ''
    ? { fault: 'an empty text inside', said: 'Null prefix/suffix not allowed' }
    : undefined;
}

const MIXED = 'Inside anything but list, either all values are number or string, mixed type is not supported';

function listed({ items }: ListNode): Wrong | undefined {
  if (items.length === 0) return { fault: 'an empty list', said: MIXED };
  for (const item of items) {
    if (!['text', 'number', 'open'].includes(item.kind)) {
      return {
        fault: 'what is neither text nor number',
        said: 'Inside anything but list, start|null|boolean is not supported.',
      };
    }
    const wrong = notComparable(item);
    if (wrong) return wrong;
  }
  const kinds = new Set(items.map(({ kind }) => kind).filter((kind) => kind !== 'open'));
  return kinds.size > 1 ? { fault: 'texts and numbers in one list', said: MIXED } : undefined;
}

function notComparable(node: Node): Wrong | undefined {
  return node.kind === 'number' && comparable(node.text) === undefined
    ? { fault: `${node.text}, which has more digits than are compared`, said: `Cannot compare number : ${node.text}` }
    : undefined;
}

/** EventBridge compares numbers up to here, and down to its negative, by its page; its published compiler compares more. */
const GREATEST = 5_000_000_000;
const RANGES = ['=', '>', '>=', '<', '<='];

function numeric(operand: Node): Wrong | undefined {
  if (operand.kind === 'open') return undefined;
  if (operand.kind !== 'list')
    return { fault: 'a value that is no list such as [">", 0]', said: 'Value of numeric must be an array.' };
  const [bound, number, second, other, ...more] = operand.items;
  const first = boundFault(bound, number, RANGES);
  if (first || !bound || bound.kind !== 'text' || operand.items.length === 2) return first;
  if (!bound.text.startsWith('>'))
    return { fault: turned(bound.text, second), said: 'Too many elements in numeric expression' };
  const last = boundFault(second, other, ['<', '<=']);
  if (last) return last;
  if (more.length > 0) return { fault: NO_PAIRS, said: 'Too many terms in numeric range expression' };
  const [least, most] = [number, other].map((one) => (one?.kind === 'number' ? Number(one.text) : undefined));
  return least !== undefined && most !== undefined && least >= most
    ? { fault: 'a range that holds no number', said: 'Bottom must be less than top' }
    : undefined;
}

const NO_PAIRS = 'a list that is not pairs of bound and number';

/** What stands after `=`, `<` or `<=`. */
function turned(bound: string, second: Node | undefined): string {
  return bound !== '=' && second?.kind === 'text' && second.text.startsWith('>')
    ? `'${bound}' before '${second.text}': the lower bound comes first`
    : `more after '${bound}', which stands alone`;
}

function boundFault(bound: Node | undefined, number: Node | undefined, known: readonly string[]): Wrong | undefined {
  if (bound?.kind === 'open') return undefined;
  if (bound?.kind !== 'text') return { fault: NO_PAIRS, said: `Invalid member in numeric match` };
  if (!known.includes(bound.text))
    return {
      fault: `the bound '${bound.text}', which there is not${RANGES.includes(bound.text) ? ' here' : ''}`,
      said: `Unrecognized numeric range operator: ${bound.text}`,
    };
  if (number?.kind === 'open') return undefined;
  if (number?.kind !== 'number') {
    const shown = number?.kind === 'text' ? JSON.stringify(number.text) : 'nothing';
    return { fault: `${shown} in place of a number`, said: `Value of ${bound.text} must be numeric` };
  }
  return notComparable(number) ?? tooGreat(number.text);
}

function tooGreat(number: string): Wrong | undefined {
  return Math.abs(Number(number)) > GREATEST ? { fault: `${number}, which is beyond ${GREATEST}` } : undefined;
}
