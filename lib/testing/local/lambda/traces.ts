import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { isRecord, parseJson, text } from '../kernel/json';

/** Beside a task: where its code was copied from. */
export const ORIGIN = 'origin.json';

const FRAME = /^(\s*at .*?\(?)(?:file:\/\/)?(\/[^():]+):(\d+):(\d+)(\)?)$/;
/** The files of the runtime that the run provides. */
const OURS = path.join(__dirname, 'node') + path.sep;

/**
 * A readable stack trace: without the run's own frames, with paths in the cloud assembly or, if there is a source map,
 * in the project.
 */
export function readableTrace(lines: readonly string[]): readonly string[] {
  return lines.map(readableFrame).filter((line) => line !== undefined);
}

function readableFrame(line: string): string | undefined {
  const [, before, file, row, column, after] = FRAME.exec(line) ?? [];
  if (before === undefined || file === undefined) return line;
  if (file.startsWith(OURS) || line.includes('(node:internal/')) return undefined;
  const place = sourceOf(file, Number(row), Number(column)) ?? { file: original(file), row, column };
  return `${before}${place.file}:${place.row}:${place.column}${after}`;
}

/** Where a copied file was copied from. */
function original(file: string): string {
  const [, root, rest] = /^(.*)\/task\/(.*)$/.exec(file) ?? [];
  if (root === undefined || rest === undefined) return file;
  const origin = path.join(root, ORIGIN);
  const written = existsSync(origin) ? parseJson(readFileSync(origin, 'utf8')) : undefined;
  const code = isRecord(written) ? text(written.code) : undefined;
  return code === undefined ? file : path.join(code, rest);
}

const maps = new Map<string, SourceMap | undefined>();

function sourceOf(file: string, row: number, column: number) {
  if (!maps.has(file)) maps.set(file, mapOf(file));
  const entry = maps.get(file)?.findEntry(row - 1, column - 1);
  if (!entry || !('originalSource' in entry)) return undefined;
  const source = sourceFile(entry.originalSource, path.dirname(original(file)));
  return { file: source, row: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/**
 * The file that a source map refers to. Its paths are relative to where the bundle was built, not to its asset: a
 * missing file is looked up below the working directory and its parents.
 * @param base the folder of the asset's file
 */
export function sourceFile(source: string, base: string): string {
  const plain = source.replace(/^file:\/\//, '');
  const direct = path.resolve(base, plain);
  const rest = plain.replace(/^(\.\.?\/)+/, '');
  const roots = process
    .cwd()
    .split(path.sep)
    .map((_, index, parts) => parts.slice(0, parts.length - index).join(path.sep) || path.sep);
  return [direct, ...roots.map((root) => path.join(root, rest))].find((file) => existsSync(file)) ?? direct;
}

/** The source map of a file: beside it, or in it. */
function mapOf(file: string): SourceMap | undefined {
  if (!existsSync(file)) return undefined;
  const [, url] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(readFileSync(file, 'utf8')) ?? [];
  if (url === undefined) return undefined;
  const [, inline] = /^data:application\/json[^,]*;base64,(.*)$/.exec(url) ?? [];
  const beside = path.resolve(path.dirname(file), url);
  const content =
    inline === undefined
      ? existsSync(beside) && readFileSync(beside, 'utf8')
      : Buffer.from(inline, 'base64').toString();
  const payload = content ? parseJson(content) : undefined;
  return isRecord(payload) ? new SourceMap(payload as never) : undefined;
}
