import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

/**
 * Whether Lambda may be able to call an export. Only what is plain from the text is refused: a literal, a class, a generator,
 * data, and a CommonJS module that nowhere mentions the name.
 * @param file of the module, absolute
 * @param name of the export
 */
export function isCallable(file: string, name: string): boolean {
  if (extname(file) === '.json') return false;
  const text = readFileSync(file, 'utf8');
  const word = name.replace(/\W/g, '\\$&');
  if (new RegExp(`^export\\s+(?:(?:abstract\\s+)?class|(?:async\\s+)?function\\s*\\*)\\s*${word}\\b`, 'm').test(text))
    return false;
  const written = new RegExp(
    `^(?:export\\s+const\\s+${word}(?:\\s*:[^=;]+)?|(?:module\\.)?exports\\.${word})\\s*=\\s*`,
    'gm',
  );
  const assigned = [...text.matchAll(written)].at(-1);
  if (assigned !== undefined) return !isData(text.slice(assigned.index + assigned[0].length));
  return /^\s*(?:import|export)\b/m.test(text) || text.includes(name) || /\b(?:require|import)\s*\(/.test(text);
}

/** Whether an expression begins with data, and nothing is read from it. */
function isData(expression: string): boolean {
  if (/^(?:\d|null\b|undefined\b|true\b|false\b|class\b|new\s+Date\b)/.test(expression)) return true;
  const string = /^(["'])(?:(?!\1)[^\\\n]|\\.)*\1/.exec(expression)?.[0];
  if (string !== undefined) return isWhole(expression.slice(string.length));
  const length = /^[{[]/.test(expression) ? closedAt(expression) : undefined;
  return length !== undefined && isWhole(expression.slice(length));
}

/** Whether an expression has ended: nothing is called on it or read from it. */
function isWhole(rest: string): boolean {
  return /^(?:\s+(?:as|satisfies)\b|\s*;|\s*$|[ \t]*\n\s*[^.[(\s])/.test(rest);
}

/** Where the bracket that a text begins with is closed; undefined if templates, comments or the like may hold others. */
function closedAt(text: string): number | undefined {
  let depth = 0;
  for (const { 0: sign, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[{}[\]`/]/g)) {
    if (/^["']/.test(sign)) continue;
    if (/[`/]/.test(sign)) return undefined;
    depth += sign === '{' || sign === '[' ? 1 : -1;
    if (depth === 0) return index + 1;
  }
  return undefined;
}
