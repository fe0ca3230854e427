/** What a semicolon does not end: texts, names, comments, and the bodies of functions. */
const PARTS = /'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$/g;
const MARK = '\u0000';

/** The statements of a file, for those who take one at a time. */
export function statementsOf(sql: string): readonly string[] {
  const parts: string[] = [];
  const marked = sql.replace(PARTS, (part) => {
    parts.push(part);
    return MARK;
  });
  let at = 0;
  return marked
    .split(';')
    .map((statement) => statement.replaceAll(MARK, () => parts[at++]!).trim())
    .filter((statement) => statement.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() !== '');
}
