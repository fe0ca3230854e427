/**
 * The statements of a text, without comments and without what stands in quotes. The body of a block stays: what it sets, it sets for the
 * session.
 */
export function statementsIn(sql: string): readonly string[] {
  const bare = sql.replace(/\/\*[\s\S]*?\*\/|--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (found) =>
    found.startsWith('/*') || found.startsWith('--') ? ' ' : "''",
  );
  return bare.split(';');
}
