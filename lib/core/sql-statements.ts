import type { DatabaseEngine } from './facts/rds';

/** One statement of a file. */
export interface SqlStatement {
  /** As it stands there, with its comments, without the semicolon. */
  readonly text: string;
  /** What its keywords are read by: without comments, and with nothing in its texts and quoted names. */
  readonly bare: string;
}

type Kind = 'text' | 'comment' | 'word' | 'hidden' | 'sign';

interface Token {
  readonly kind: Kind;
  readonly part: string;
}

const ESCAPED = String.raw`'(?:[^'\\]|''|\\[\s\S])*(?:'|$)`;
const WORD = /[\w$\u0080-\uffff]+/y;

/** What a semicolon does not end. What does not end by itself goes on to the end of the file, and the server refuses it. */
const PARTS: Readonly<Record<DatabaseEngine, readonly (readonly [Kind, RegExp])[]>> = {
  postgres: [
    ['comment', /--[^\r\n]*/y],
    // A text that goes on in another line keeps its escapes.
    ['text', new RegExp(`[eE]${ESCAPED}(?:[ \\t]*[\\r\\n]\\s*${ESCAPED})*`, 'y')],
    ['text', /'(?:[^']|'')*(?:'|$)/y],
    ['text', /"(?:[^"]|"")*(?:"|$)/y],
    ['text', /\$((?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$[\s\S]*?(?:\$\1\$|$)/y],
    ['sign', /\d[\w.]*/y],
    ['word', WORD],
  ],
  mysql: [
    ['comment', /--(?=\s|$)[^\n]*/y],
    ['comment', /#[^\n]*/y],
    // MySQL runs what stands in these.
    ['hidden', /\/\*![\s\S]*?(?:\*\/|$)/y],
    ['comment', /\/\*[\s\S]*?(?:\*\/|$)/y],
    ['text', new RegExp(ESCAPED, 'y')],
    ['text', new RegExp(ESCAPED.replaceAll("'", '"'), 'y')],
    ['text', /`(?:[^`]|``)*(?:`|$)/y],
    ['word', WORD],
  ],
};

/**
 * The statements of a file: divided where a semicolon is in no text, name, comment or body of a function. Backslashes escape in
 * MySQL, and in PostgreSQL in `E''` alone; PostgreSQL's comments nest, and its functions stand in `$$` or in `BEGIN ATOMIC ... END`.
 */
export function statementsOf(sql: string, engine: DatabaseEngine): readonly SqlStatement[] {
  const statements: SqlStatement[] = [];
  let [text, bare, body] = ['', '', new Body()];
  const end = () => {
    if (bare.trim() !== '') statements.push({ text: text.trim(), bare: bare.trim() });
    [text, bare, body] = ['', '', new Body()];
  };
  for (const token of tokensOf(sql, engine)) {
    if (token.part === ';' && (engine === 'mysql' || body.isClosed)) {
      end();
      continue;
    }
    body.add(token);
    text += token.part;
    bare += bareOf(token);
  }
  end();
  return statements;
}

function* tokensOf(sql: string, engine: DatabaseEngine): Iterable<Token> {
  for (let at = 0; at < sql.length;) {
    const token = tokenAt(sql, at, engine);
    yield token;
    at += token.part.length;
  }
}

function tokenAt(sql: string, at: number, engine: DatabaseEngine): Token {
  if (engine === 'postgres' && sql.startsWith('/*', at)) return { kind: 'comment', part: nestedComment(sql, at) };
  for (const [kind, pattern] of PARTS[engine]) {
    pattern.lastIndex = at;
    const part = pattern.exec(sql)?.[0];
    if (part !== undefined) return { kind, part };
  }
  return { kind: 'sign', part: sql[at]! };
}

function nestedComment(sql: string, from: number): string {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 0;
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return sql.slice(from, marks.lastIndex);
  }
  return sql.slice(from);
}

function bareOf({ kind, part }: Token): string {
  if (kind === 'comment') return ' ';
  if (kind === 'text') return "''";
  return kind === 'hidden' ? part.replace(/^\/\*!\d*|\*\/$/g, ' ') : part;
}

/** Whether a semicolon ends a statement of PostgreSQL, or one within it: in parentheses (of a rule) or in a function's body. */
class Body {
  private readonly words: string[] = [];
  private before = '';
  private parentheses = 0;
  private depth = 0;

  get isClosed(): boolean {
    return this.parentheses === 0 && this.depth === 0;
  }

  add({ kind, part }: Token): void {
    if (kind === 'comment' || /^\s$/.test(part)) return;
    const before = this.before;
    this.before = part.toUpperCase();
    if (part === '(') this.parentheses += 1;
    if (part === ')') this.parentheses = Math.max(0, this.parentheses - 1);
    if (kind !== 'word') return;
    this.words.push(this.before);
    // A name, whatever it says.
    if (before === '.' || before === 'AS') return;
    if (this.depth > 0) this.depth += this.before === 'CASE' ? 1 : this.before === 'END' ? -1 : 0;
    else if (before === 'BEGIN' && this.before === 'ATOMIC' && this.parentheses === 0 && this.makesFunction)
      this.depth = 1;
  }

  private get makesFunction(): boolean {
    return /^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE) /.test(this.words.slice(0, 5).join(' '));
  }
}
