import { visible } from '../../core/visible';

/** Width of a report if standard output is not a terminal. */
export const DEFAULT_WIDTH = 100;

/** Wraps text to a width, at spaces; a longer word breaks after a slash or colon if it has one. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(' ')) {
    for (const part of chunks(word, Math.max(width, 1))) {
      if (line !== '' && line.length + 1 + part.length > width) {
        lines.push(line);
        line = '';
      }
      line += (line === '' ? '' : ' ') + part;
    }
  }
  // A break may have put a GitHub Actions command at the start of a line.
  return [...lines, line].map(visible);
}

function chunks(word: string, width: number): readonly string[] {
  if (word.length <= width) return [word];
  const end = Math.max(word.lastIndexOf('/', width - 1), word.lastIndexOf(':', width - 1)) + 1 || width;
  return [word.slice(0, end), ...chunks(word.slice(end), width)];
}

/**
 * Rows of columns side by side, indented by two spaces. Every column but the last is as wide as its longest cell, up to
 * a third of the width for the first and a fifth for others; longer cells wrap.
 */
export function table(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: Math.max(columns - 1, 0) }, (_, column) => {
    const longest = Math.max(...rows.map((row) => row[column]?.length ?? 0));
    return Math.min(longest, column === 0 ? Math.floor(width * 0.35) : Math.max(Math.floor(width * 0.2), 9));
  });
  const taken = widths.reduce((sum, each) => sum + each + 2, 2);
  widths.push(Math.max(width - taken, 8));
  return rows.flatMap((row) => {
    const cells = row.map((cell, column) => wrap(cell, widths[column]!));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      `  ${cells.map((lines, column) => (lines[line] ?? '').padEnd(widths[column]!)).join('  ')}`.trimEnd(),
    );
  });
}
