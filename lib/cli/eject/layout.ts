/** Code that is laid out once the available width is known. */
export type Code = string | { readonly open: string; readonly items: readonly Code[]; readonly close: string };

const WIDTH = 110;

/** Several pieces between brackets. */
export const list = (open: string, items: readonly Code[], close: string): Code => ({ open, items, close });

/** A piece with a text in front of it: a key, the beginning of a call. */
export const after = (text: string, code: Code): Code =>
  typeof code === 'string' ? `${text}${code}` : { ...code, open: `${text}${code.open}` };

/** A piece with a text behind it. */
export const before = (code: Code, text: string): Code =>
  typeof code === 'string' ? `${code}${text}` : { ...code, close: `${code.close}${text}` };

/** In one line where that fits, else with a line for each item. */
export function formatted(code: Code, indent = ''): string {
  const flat = inOneLine(code);
  if (typeof code === 'string' || (indent.length + flat.length < WIDTH && code.items.length < 5)) return flat;
  const inner = `${indent}  `;
  const lines = code.items.map((item) => `${inner}${formatted(item, inner)},\n`);
  // The braces of a sole argument hug the parentheses of the call.
  return `${code.open.trimEnd()}\n${lines.join('')}${indent}${code.close.trimStart()}`;
}

function inOneLine(code: Code): string {
  return typeof code === 'string' ? code : `${code.open}${code.items.map(inOneLine).join(', ')}${code.close}`;
}

/** A text as a literal. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"');
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replace(/'/g, "\\'")}'`;
}

/** An object key; `__proto__` needs brackets. */
export const key = (name: string): string =>
  name === '__proto__' ? "['__proto__']" : /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);

/** A piece of a template literal; a trailing dollar sign is escaped, since the next piece may begin with a brace. */
export const inTemplate = (text: string): string => text.replace(/[\\`]|\$(?=\{|$)/g, '\\$&').replace(/\r/g, '\\r');
