/** Delimiters by their name in `ReaderConfig`. */
const DELIMITERS: Readonly<Record<string, string>> = {
  COMMA: ',',
  PIPE: '|',
  SEMICOLON: ';',
  SPACE: ' ',
  TAB: '\t',
};

/**
 * The rows of a CSV file as objects.
 * @param headers the column names; by default those in the first row
 * @returns undefined for duplicate column names
 */
export function csvItems(
  source: string,
  delimiter = 'COMMA',
  headers?: readonly string[],
): readonly Readonly<Record<string, string>>[] | undefined {
  const rows = csvRows(source, delimiter);
  const names = headers ?? rows.shift() ?? [];
  if (new Set(names).size < names.length) return undefined;
  // Missing cells are empty; surplus cells are dropped.
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''] as const)));
}

/** The raw rows of a CSV file. */
export function csvRows(source: string, named = 'COMMA'): string[][] {
  const delimiter = DELIMITERS[named] ?? ',';
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endRow = () => {
    row.push(field);
    if (row.length > 1 || field !== '') rows.push(row);
    [row, field] = [[], ''];
  };
  for (let at = 0; at < source.length; at++) {
    const character = source[at]!;
    if (quoted) {
      if (character !== '"') field += character;
      else if (source[at + 1] === '"') field += source[at++];
      else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === delimiter) {
      row.push(field);
      field = '';
    } else if (character === '\n') endRow();
    else if (character !== '\r') field += character;
  }
  if (field !== '' || row.length > 0) endRow();
  return rows;
}
