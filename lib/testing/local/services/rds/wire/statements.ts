/**
 * The statements of an SQL text, without comments and quoted content. Bodies of DO blocks stay: their settings apply to the
 * session.
 */
export function statementsIn(sql: string): readonly string[] {
  const bare = sql.replace(/\/\*[\s\S]*?\*\/|--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (found) =>
    found.startsWith('/*') || found.startsWith('--') ? ' ' : "''",
  );
  return bare.split(';');
}
