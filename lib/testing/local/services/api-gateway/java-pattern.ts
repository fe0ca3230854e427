import { NotRunHere } from './integration-failure';

/**
 * Whether all of a text matches a regular expression of Java's. As there, `.` is no end of a line.
 * @throws NotRunHere when JavaScript cannot express it
 */
export function matchesWhole(pattern: string, text: string): boolean {
  return javaPattern(pattern, { isWhole: true }).test(text);
}

/**
 * A regular expression of Java's in JavaScript.
 * @throws NotRunHere when JavaScript cannot express it
 */
export function javaPattern(pattern: string, { flags = '', isWhole = false } = {}): RegExp {
  const [, given = '', rest = ''] = /^((?:\(\?[imsu]+\))*)(.*)$/s.exec(pattern) ?? [];
  const all = [...new Set(`${flags}${given.replace(/\W/g, '')}u`)].join('');
  try {
    const source = translated(rest);
    // By itself, for what is around it would close what it leaves open.
    const alone = new RegExp(source, all);
    return isWhole ? new RegExp(`${START}(?:${source})${END}`, all) : alone;
  } catch {
    throw new NotRunHere(`the regular expression '${pattern}' of Java is not read here`);
  }
}

const START = '(?<![\\s\\S])';
const END = '(?![\\s\\S])';
const TOKEN = /\\Q.*?(?:\\E|$)|\\[pP](?:\{\w+\}|\w)|\\x\{[\da-fA-F]+\}|\\.|\{\d+(?:,\d*)?\}|\[\^?\]?|&&|./gsu;

function translated(pattern: string): string {
  let isClass = false;
  let before = '';
  const parts = Array.from(pattern.matchAll(TOKEN), ([token]) => {
    // After a class of characters, it begins no range.
    const isHyphen = token === '-' && /^\\[dDhHpPsSvVwW]/.test(before);
    before = token;
    if (token.startsWith('\\')) return escape(token, isClass);
    if (isClass && isHyphen) return '\\-';
    if (isClass) {
      // Java's unions and intersections of classes.
      if (token.startsWith('[') || token === '&&') throw new SyntaxError(token);
      isClass = token !== ']';
      return token;
    }
    if (!token.startsWith('[')) return token === ']' || token === '}' ? `\\${token}` : token;
    isClass = true;
    return token.replace(']', '\\]');
  });
  return parts.join('');
}

/** The characters of classes that JavaScript lacks or reads otherwise. */
const CLASSES: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1f\\x7f',
  XDigit: '0-9a-fA-F',
  Space: '\\t-\\r ',
  ASCII: '\\x00-\\x7f',
  s: '\\t-\\r ',
  h: ' \\t\\xa0',
  v: '\\n-\\r\\x85\\u2028\\u2029',
};

/** All other characters than those of a class, where JavaScript cannot negate it. */
const COMPLEMENTS: ReadonlyMap<string, string> = new Map([
  [CLASSES.s!, '\\x00-\\x08\\x0e-\\x1f!-\\u{10ffff}'],
  [CLASSES.h!, '\\x00-\\x08\\n-\\x1f!-\\x9f\\xa1-\\u{10ffff}'],
  [CLASSES.v!, '\\x00-\\t\\x0e-\\x84\\x86-\\u2027\\u202a-\\u{10ffff}'],
]);

const OTHERS: Readonly<Record<string, string>> = {
  A: START,
  z: END,
  Z: `(?=(?:\\r\\n|[\\n\\r])?${END})`,
  R: '(?:\\r\\n|[\\n-\\r\\x85\\u2028\\u2029])',
};

function escape(token: string, isClass: boolean): string {
  const letter = token[1] ?? '';
  if (letter === 'Q') return literal(token.replace(/^\\Q|\\E$/g, ''), isClass);
  if (letter === 'p' || letter === 'P') return property(letter === 'P', token.replace(/^..|[{}]/g, ''), isClass);
  if (token.startsWith('\\x{')) return token.replace('x', 'u');
  if ('shv'.includes(letter)) return classOf(CLASSES[letter] ?? '', false, isClass);
  if ('SHV'.includes(letter)) return classOf(CLASSES[letter.toLowerCase()] ?? '', true, isClass);
  if (letter === 'a') return '\\x07';
  if (letter === 'e') return '\\x1b';
  if (/[a-zA-Z\d]/.test(letter)) return isClass ? token : (OTHERS[letter] ?? token);
  return literal(token.slice(1), isClass);
}

function property(isNot: boolean, name: string, isClass: boolean): string {
  const known = CLASSES[name];
  if (known !== undefined && name.length > 1) return classOf(known, isNot, isClass);
  return `\\${isNot ? 'P' : 'p'}{${name.replace(/^Is/, '')}}`;
}

function classOf(characters: string, isNot: boolean, isClass: boolean): string {
  if (!isClass) return `[${isNot ? '^' : ''}${characters}]`;
  const wanted = isNot ? COMPLEMENTS.get(characters) : characters;
  if (wanted === undefined) throw new SyntaxError(characters);
  return wanted;
}

function literal(text: string, isClass: boolean): string {
  return text.replace(isClass ? /[\\^$.*+?()[\]{}|/-]/g : /[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
