/** An SQL statement of SQLite. */
export interface Statement {
  /** As in the file, with its comments, without the semicolon. */
  readonly text: string;
  /** Its tokens in upper case, without comments; strings and quoted names are one token each. */
  readonly words: readonly string[];
  /** Whether something in it is unterminated: a string, a comment, a trigger. */
  readonly isOpen: boolean;
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\[[^\]]*(?:\]|$)|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\s+|[^]/g;

/**
 * The statements of an SQL file. A trigger is one statement, body included: it ends at the semicolon after its own END, not after
 * one that closes a CASE.
 */
export function statementsOf(sql: string): readonly Statement[] {
  const statements: Statement[] = [];
  let [text, words, broken, depth, body] = ['', [] as string[], false, 0, false];
  const end = (isOpen: boolean) => {
    if (words.length > 0) statements.push({ text: text.trim(), words, isOpen });
    [text, words, broken, depth, body] = ['', [], false, 0, false];
  };
  for (const [token] of sql.matchAll(TOKEN)) {
    const isTrigger = makesTrigger(words);
    if (token === ';' && !(isTrigger && (body || !words.includes('BEGIN')))) {
      end(broken);
      continue;
    }
    text += token;
    if (/^(\s|--)/.test(token)) continue;
    if (token.startsWith('/*')) {
      broken ||= !token.endsWith('*/') || token.length < 4;
      continue;
    }
    const word = /^['"`[]/.test(token) ? token[0]! : token.toUpperCase();
    broken ||= /^['"`[]/.test(token) && !isClosed(token);
    words.push(word);
    if (!isTrigger) continue;
    if (word === 'BEGIN') body = true;
    if (word === 'CASE') depth += 1;
    if (word !== 'END') continue;
    if (depth > 0) depth -= 1;
    // The last statement before it has ended, so this is no name.
    else if (words.at(-2) === ';') body = false;
  }
  const isTrigger = makesTrigger(words);
  end(broken || (isTrigger && (body || !words.includes('END'))));
  return statements;
}

function makesTrigger(words: readonly string[]): boolean {
  return /^CREATE (TEMP |TEMPORARY )?TRIGGER\b/.test(words.slice(0, 3).join(' '));
}

function isClosed(token: string): boolean {
  const close = token.startsWith('[') ? ']' : token[0]!;
  return token.length > 1 && token.endsWith(close);
}
