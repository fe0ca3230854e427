import { networkOf } from './addresses';
import type { ListNode, Node, ObjectNode } from './node';
import { numericFault } from './numeric-operand';
import { notComparable, type OperandFault } from './operand-fault';

type Check = (operand: Node) => OperandFault | undefined;

/** The operators that there are, each with what it refuses. */
export const OPERAND_CHECKS: Readonly<Record<string, Check>> = {
  exactly: (operand) => notText(operand, 'exact match pattern must be a string'),
  prefix: (operand) => textOrIgnoringCase(operand, 'prefix'),
  suffix: (operand) => textOrIgnoringCase(operand, 'suffix'),
  'equals-ignore-case': (operand) => notText(operand, 'equals-ignore-case match pattern must be a string'),
  wildcard,
  exists: (operand) =>
    operand.kind === 'open' || (operand.kind === 'word' && operand.text !== 'null')
      ? undefined
      : { fault: 'a value that is not true or false', message: 'exists match pattern must be either true or false.' },
  numeric: numericFault,
  cidr: (operand) => {
    if (operand.kind !== 'text') return notText(operand, 'prefix match pattern must be a string');
    const network = networkOf(operand.text);
    return typeof network === 'string' ? { fault: 'a value that is not a CIDR block', message: network } : undefined;
  },
  'anything-but': anythingBut,
};

const NO_TEXT = 'a value that is not a string';

function notText(operand: Node, message: string): OperandFault | undefined {
  return operand.kind === 'text' || operand.kind === 'open' ? undefined : { fault: NO_TEXT, message };
}

function textOrIgnoringCase(operand: Node, operator: string): OperandFault | undefined {
  if (operand.kind !== 'object') return notText(operand, `${operator} match pattern must be a string`);
  const [first, ...more] = operand.members;
  if (first?.[0] !== 'equals-ignore-case') {
    const message = `Unsupported ${operator} pattern: ${first?.[0]}`;
    return { fault: NO_TEXT, message };
  }
  if (more.length > 0) return { fault: 'two operators inside', message: 'Only one key allowed in match expression' };
  return notText(first[1], 'equals-ignore-case match pattern must be a string');
}

function wildcard(operand: Node): OperandFault | undefined {
  if (operand.kind !== 'text') return notText(operand, 'wildcard match pattern must be a string');
  // The quotation mark before the text counts for the service.
  const stars = /^(?:[^\\*]|\\[\\*]|\*(?!\*))*?\*\*/.exec(operand.text);
  const escape = /^(?:[^\\]|\\[\\*])*\\(?![\\*])/.exec(operand.text);
  if (stars && (!escape || stars[0].length < escape[0].length)) {
    return { fault: 'two stars in a row', message: `Consecutive wildcard characters at pos ${bytes(stars[0]) - 1}` };
  }
  return escape
    ? {
        fault: 'a backslash before neither a star nor a backslash',
        message: `Invalid escape character at pos ${bytes(escape[0])}`,
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

function anythingBut(operand: Node): OperandFault | undefined {
  if (operand.kind === 'object') return anythingButInside(operand);
  if (operand.kind === 'list') return listed(operand);
  return operand.kind === 'word'
    ? { fault: operand.text === 'null' ? 'null' : 'true or false', message: NO_VALUES }
    : notComparable(operand);
}

function anythingButInside({ members }: ObjectNode): OperandFault | undefined {
  const [first, ...more] = members;
  if (!first) return { fault: 'no operator inside', message: 'Anything-But expression name not found' };
  const [operator, value] = first;
  const message = Object.hasOwn(INSIDE, operator) ? INSIDE[operator]! : undefined;
  if (message === undefined)
    return { fault: `the operator '${operator}' inside`, message: `Unsupported anything-but pattern: ${operator}` };
  if (more.length > 0) return { fault: 'two operators inside', message: 'Too many elements in numeric expression' };
  if (value.kind === 'object' || value.kind === 'word') return { fault: NO_TEXT, message: NO_VALUES };
  const texts = value.kind === 'list' ? value.items : [value];
  if (value.kind === 'list' && texts.length === 0 && operator !== 'wildcard') return undefined;
  for (const text of texts) {
    const wrong = notText(text, message) ?? insideText(operator, text);
    if (wrong) return wrong;
  }
  return undefined;
}

function insideText(operator: string, text: Node): OperandFault | undefined {
  if (operator === 'wildcard') return wildcard(text);
  return operator !== 'equals-ignore-case' && text.kind === 'text' && text.text === ''
    ? { fault: 'an empty string inside', message: 'Null prefix/suffix not allowed' }
    : undefined;
}

const MIXED = 'Inside anything but list, either all values are number or string, mixed type is not supported';

function listed({ items }: ListNode): OperandFault | undefined {
  if (items.length === 0) return { fault: 'an empty list', message: MIXED };
  for (const item of items) {
    if (!['text', 'number', 'open'].includes(item.kind)) {
      return {
        fault: 'an item that is neither a string nor a number',
        message: 'Inside anything but list, start|null|boolean is not supported.',
      };
    }
    const wrong = notComparable(item);
    if (wrong) return wrong;
  }
  const kinds = new Set(items.map(({ kind }) => kind).filter((kind) => kind !== 'open'));
  return kinds.size > 1 ? { fault: 'strings and numbers in one list', message: MIXED } : undefined;
}
