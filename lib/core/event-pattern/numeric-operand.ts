import type { Node } from './node';
import { notComparable, type OperandFault } from './operand-fault';

/** EventBridge compares numbers up to here, and down to its negative, by its page; its published compiler compares more. */
const GREATEST = 5_000_000_000;
const RANGES = ['=', '>', '>=', '<', '<='];

/** What is wrong with the bounds of `numeric`. */
export function numericFault(operand: Node): OperandFault | undefined {
  if (operand.kind === 'open') return undefined;
  if (operand.kind !== 'list')
    return { fault: 'a value that is not a list such as [">", 0]', message: 'Value of numeric must be an array.' };
  const [bound, number, second, other, ...more] = operand.items;
  const first = boundFault(bound, number, RANGES);
  if (first || !bound || bound.kind !== 'text' || operand.items.length === 2) return first;
  if (!bound.text.startsWith('>'))
    return { fault: turned(bound.text, second), message: 'Too many elements in numeric expression' };
  const last = boundFault(second, other, ['<', '<=']);
  if (last) return last;
  if (more.length > 0) return { fault: NO_PAIRS, message: 'Too many terms in numeric range expression' };
  const [least, most] = [number, other].map((one) => (one?.kind === 'number' ? Number(one.text) : undefined));
  return least !== undefined && most !== undefined && least >= most
    ? { fault: 'an empty range', message: 'Bottom must be less than top' }
    : undefined;
}

const NO_PAIRS = 'a list that is not pairs of bound and number';

/** What stands after `=`, `<` or `<=`. */
function turned(bound: string, second: Node | undefined): string {
  return bound !== '=' && second?.kind === 'text' && second.text.startsWith('>')
    ? `'${bound}' before '${second.text}': the lower bound comes first`
    : `more after '${bound}', which must be the only bound`;
}

function boundFault(
  bound: Node | undefined,
  number: Node | undefined,
  known: readonly string[],
): OperandFault | undefined {
  if (bound?.kind === 'open') return undefined;
  if (bound?.kind !== 'text') return { fault: NO_PAIRS, message: `Invalid member in numeric match` };
  if (!known.includes(bound.text))
    return {
      fault: `the bound '${bound.text}', which does not exist${RANGES.includes(bound.text) ? ' here' : ''}`,
      message: `Unrecognized numeric range operator: ${bound.text}`,
    };
  if (number?.kind === 'open') return undefined;
  if (number?.kind !== 'number') {
    const shown = number?.kind === 'text' ? JSON.stringify(number.text) : 'nothing';
    return { fault: `${shown} instead of a number`, message: `Value of ${bound.text} must be numeric` };
  }
  return notComparable(number) ?? tooGreat(number.text);
}

function tooGreat(number: string): OperandFault | undefined {
  return Math.abs(Number(number)) > GREATEST ? { fault: `${number}, which is beyond ${GREATEST}` } : undefined;
}
