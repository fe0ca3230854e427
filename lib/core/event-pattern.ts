import { isIP } from 'node:net';
import { isList, isMap, literal } from './model/select';
import { Choice, type Value } from './model/values';

/** What is wrong with a pattern, or that it cannot be told. */
export interface PatternFault {
  /** Place in the pattern, dotted. */
  readonly place: string;
  /** What is wrong, from its verb on; undefined where a value is known only at deployment. */
  readonly fault?: string;
}

/**
 * What EventBridge refuses in an event pattern.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function patternFaults(pattern: Value): PatternFault[] {
  return below(pattern, '');
}

/** The fields of an event, which EventBridge writes. */
const ENVELOPE = [
  'version',
  'id',
  'detail-type',
  'source',
  'account',
  'time',
  'region',
  'resources',
  'detail',
  'replay-name',
];

function below(value: Value, place: string): PatternFault[] {
  if (!isMap(value))
    return [literal(value) === undefined && !isList(value) ? { place } : { place, fault: 'is no object' }];
  const fields = Object.entries(value);
  if (fields.length === 0) return [{ place, fault: 'is empty' }];
  const whole = place === '' || /^\$or\.\d+$/.test(place);
  return fields.flatMap(([name, filter]) => {
    const at = place === '' ? name : `${place}.${name}`;
    if (whole && name !== '$or' && !ENVELOPE.includes(name))
      return [{ place: at, fault: `asks for '${name}', which no event has: what a sender says is in 'detail'` }];
    if (name === '$or' && isList(filter) && filter.length > 1 && filter.every(isMap))
      return filter.flatMap((one, index) => below(one, `${at}.${index}`));
    return field(filter, at);
  });
}

function field(filter: Value, place: string): PatternFault[] {
  if (filter instanceof Choice)
    return [filter.then, filter.otherwise].flatMap((one) => (one === undefined ? [] : field(one, place)));
  if (isMap(filter)) return below(filter, place);
  if (!isList(filter))
    return [literal(filter) === undefined ? { place } : { place, fault: 'is a single value, and must be a list' }];
  if (filter.length === 0) return [{ place, fault: 'is an empty list' }];
  return filter.flatMap((one, index) => item(one, `${place}.${index}`));
}

function item(one: Value, place: string): PatternFault[] {
  if (one instanceof Choice)
    return [one.then, one.otherwise].flatMap((branch) => (branch === undefined ? [] : item(branch, place)));
  if (isList(one)) return [{ place, fault: 'is a list in a list' }];
  if (!isMap(one)) return [];
  const [operator, ...more] = Object.keys(one);
  if (operator === undefined || more.length > 0) return [{ place, fault: 'must have one operator' }];
  const check = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!check) return [{ place, fault: `has the operator '${operator}', which there is not` }];
  const fault = check(one[operator]!);
  return fault === undefined ? [] : [{ place, fault: `has '${operator}' with ${fault}` }];
}

type Check = (operand: Value) => string | undefined;

const OPERATORS: Readonly<Record<string, Check>> = {
  prefix: textOrIgnoringCase,
  suffix: textOrIgnoringCase,
  'equals-ignore-case': (operand) => notText(operand),
  wildcard: (operand) => {
    const text = literal(operand);
    return (
      notText(operand) ?? (typeof text === 'string' && /(?<!\\)\*\*/.test(text) ? 'two stars in a row' : undefined)
    );
  },
  exists: (operand) =>
    literal(operand) === undefined || typeof literal(operand) === 'boolean'
      ? undefined
      : 'a value that is not true or false',
  numeric,
  cidr: (operand) => {
    const text = literal(operand);
    if (typeof text !== 'string') return notText(operand);
    const [address = '', bits = ''] = text.split('/');
    const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    return /^\d{1,3}$/.test(bits) && Number(bits) <= longest ? undefined : 'a value that is no CIDR block';
  },
  'anything-but': anythingBut,
};

function notText(operand: Value): string | undefined {
  const value = literal(operand);
  return (value !== undefined && typeof value !== 'string') || isList(operand) || isMap(operand)
    ? 'a value that is no text'
    : undefined;
}

function textOrIgnoringCase(operand: Value): string | undefined {
  return isMap(operand) && Object.keys(operand).join() === 'equals-ignore-case'
    ? notText(operand['equals-ignore-case']!)
    : notText(operand);
}

const EXCLUDED = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

function anythingBut(operand: Value): string | undefined {
  if (isMap(operand)) {
    const [operator, ...more] = Object.keys(operand);
    return operator !== undefined && more.length === 0 && EXCLUDED.includes(operator)
      ? undefined
      : `${operator === undefined ? 'no operator' : `the operator '${operator}'`} inside`;
  }
  if (!isList(operand)) return typeof literal(operand) === 'boolean' ? 'true or false' : undefined;
  const kinds = new Set(
    operand
      .map(literal)
      .filter((one) => one !== undefined)
      .map((one) => typeof one),
  );
  if (operand.length === 0) return 'an empty list';
  return kinds.size > 1 ? 'texts and numbers in one list' : undefined;
}

/** EventBridge compares numbers up to here, and down to its negative. */
const GREATEST = 5_000_000_000;

const BOUNDS = ['<', '<=', '>', '>=', '='];

function numeric(operand: Value): string | undefined {
  if (!isList(operand))
    return literal(operand) === undefined && !isMap(operand) ? undefined : 'a value that is no list such as [">", 0]';
  if (operand.length === 0 || operand.length % 2 === 1 || operand.length > 4)
    return 'a list that is not pairs of bound and number';
  for (let index = 0; index < operand.length; index += 2) {
    const [bound, number] = [literal(operand[index]), literal(operand[index + 1])];
    if ([operand[index], operand[index + 1]].some((one) => isList(one) || isMap(one)))
      return 'a list that is not pairs of bound and number';
    if (bound !== undefined && !BOUNDS.includes(String(bound)))
      return `the bound '${String(bound)}', which there is not`;
    if (number !== undefined && typeof number !== 'number') return `${JSON.stringify(number)} in place of a number`;
    if (typeof number === 'number' && Math.abs(number) > GREATEST) return `${number}, which is beyond ${GREATEST}`;
  }
  const [least, most] = [literal(operand[1]), literal(operand[3])];
  const turned = String(literal(operand[0])).startsWith('<');
  if (typeof least === 'number' && typeof most === 'number' && (turned ? most >= least : least >= most))
    return 'a range that holds no number';
  return undefined;
}
