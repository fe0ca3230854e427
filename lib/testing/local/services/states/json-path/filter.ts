import { isRecord } from '../../../kernel/json';
import { PathSyntaxError } from './syntax';

/** An operand: its value, and whether it exists. */
interface Operand {
  readonly value: unknown;
  readonly there: boolean;
}

const TOKEN =
  /\s*(&&|\|\||==|!=|<=|>=|=~|[<>!()]|[@$](?:\.[\w$-]+|\[(?:'[^']*'|"[^"]*"|-?\d+)\])*|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\/(?:[^/\\]|\\.)+\/i?|-?\d+(?:\.\d+)?|true|false|null|in\b|nin\b|\[[^\]]*\])/y;

/**
 * Whether a filter, `@.price < 10 && @.open`, holds for an item.
 * @throws PathSyntaxError when it cannot be read
 */
export function holds(filter: string, item: unknown, root: unknown): boolean {
  return new Filter(tokensOf(filter), filter, item, root).holds();
}

function tokensOf(filter: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = filter.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const [, token] = TOKEN.exec(filter) ?? [];
    if (token === undefined) throw new PathSyntaxError(`the filter '${filter}' is not understood`);
    tokens.push(token);
  }
  return tokens;
}

class Filter {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly filter: string,
    private readonly item: unknown,
    private readonly root: unknown,
  ) {}

  holds(): boolean {
    const result = this.either();
    if (this.at < this.tokens.length) this.fail();
    return result;
  }

  private either(): boolean {
    let result = this.both();
    while (this.take('||')) result = this.both() || result;
    return result;
  }

  private both(): boolean {
    let result = this.one();
    while (this.take('&&')) result = this.one() && result;
    return result;
  }

  private one(): boolean {
    if (this.take('!')) return !this.one();
    if (this.take('(')) {
      const result = this.either();
      if (!this.take(')')) this.fail();
      return result;
    }
    const left = this.operand();
    const operator = this.tokens[this.at];
    if (operator === undefined || ['&&', '||', ')'].includes(operator)) return left.there;
    this.at++;
    return this.compare(left, operator);
  }

  private compare(left: Operand, operator: string): boolean {
    if (operator === '=~') {
      const pattern = /^\/(.*)\/(i?)$/.exec(this.tokens[this.at++] ?? '') ?? this.fail();
      return typeof left.value === 'string' && new RegExp(`^(?:${pattern[1]})$`, pattern[2]).test(left.value);
    }
    const right = this.operand();
    const among = Array.isArray(right.value) && right.value.some((one) => same(one, left.value));
    switch (operator) {
      case '==':
        return same(left.value, right.value);
      case '!=':
        return !same(left.value, right.value);
      case 'in':
        return among;
      case 'nin':
        return !among;
      default:
        return ordered(left.value, right.value, operator) ?? this.fail();
    }
  }

  private operand(): Operand {
    const token = this.tokens[this.at++] ?? this.fail();
    if (/^[@$]/.test(token)) return follow(token, token.startsWith('@') ? this.item : this.root);
    if (/^['"]/.test(token)) return { value: token.slice(1, -1).replace(/\\(.)/g, '$1'), there: true };
    try {
      return { value: JSON.parse(token.replace(/'/g, '"')) as unknown, there: true };
    } catch {
      return this.fail();
    }
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private fail(): never {
    throw new PathSyntaxError(`the filter '${this.filter}' is not understood`);
  }
}

function follow(path: string, from: unknown): Operand {
  let value = from;
  for (const [, name, single, double, index] of path.matchAll(/\.([\w$-]+)|\['([^']*)'\]|\["([^"]*)"\]|\[(-?\d+)\]/g)) {
    const key = name ?? single ?? double;
    if (key !== undefined) {
      if (!isRecord(value) || !Object.hasOwn(value, key)) return { value: undefined, there: false };
      value = value[key];
    } else {
      const list: readonly unknown[] = Array.isArray(value) ? value : [];
      if (list.at(Number(index)) === undefined) return { value: undefined, there: false };
      value = list.at(Number(index));
    }
  }
  return { value, there: true };
}

function same(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

function ordered(left: unknown, right: unknown, operator: string): boolean | undefined {
  const numbers = typeof left === 'number' && typeof right === 'number';
  const texts = typeof left === 'string' && typeof right === 'string';
  if (!numbers && !texts) return ['<', '<=', '>', '>='].includes(operator) ? false : undefined;
  const [a, b] = [left, right] as [number, number];
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}
