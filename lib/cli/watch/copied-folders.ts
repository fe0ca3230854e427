import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { FunctionCodeState } from './assembly-state';
import { isLeftOut } from './file-watch';

/**
 * The folders that code in an assembly was copied from (`Code.fromAsset`). An assembly does not name them, so they are
 * found by content: the one folder with every file of the copy.
 */
export class CopiedFolders {
  private readonly sources: ReadonlyMap<string, string>;

  /**
   * @param code by function
   * @param watched all source files, absolute
   */
  constructor(code: ReadonlyMap<string, FunctionCodeState>, watched: readonly string[]) {
    const sources = [...code].map(([fn, { directory }]) => [fn, sourceOf(directory, watched)] as const);
    this.sources = new Map(sources.filter((one): one is [string, string] => one[1] !== undefined));
  }

  /** The functions whose copies hold one of the changed files, with these. */
  *concerned(
    files: readonly string[],
    code: ReadonlyMap<string, FunctionCodeState>,
  ): Iterable<{ readonly fn: string; readonly names: readonly string[]; readonly source: string }> {
    for (const [fn, source] of this.sources) {
      const directory = code.get(fn)?.directory;
      if (directory === undefined) continue;
      // Only synthesis knows whether a file that comes or goes belongs to the copy.
      const names = files
        .map((file) => path.relative(source, file))
        .filter((name) => isFile(path.join(source, name)) && isFile(path.join(directory, name)));
      if (names.length > 0) yield { fn, names, source };
    }
  }
}

/** A copy of a function's code, with some files as they are now. */
export function copyWith(names: readonly string[], source: string, present: string, directory: string): string {
  mkdirSync(directory, { recursive: true });
  cpSync(present, directory, { recursive: true });
  for (const name of names) cpSync(path.join(source, name), path.join(directory, name));
  return directory;
}

/** Undefined for none, and for several, of which it may be any. */
function sourceOf(copy: string, watched: readonly string[]): string | undefined {
  if (!existsSync(copy) || !statSync(copy).isDirectory()) return undefined;
  const names = readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !name.split(path.sep).some(isLeftOut) && isFile(path.join(copy, name)),
  );
  const [first] = names;
  if (first === undefined) return undefined;
  const suffix = `${path.sep}${first}`;
  const folders = watched.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length));
  const same = folders.filter((folder) =>
    names.every((name) => isSame(path.join(copy, name), path.join(folder, name))),
  );
  return same.length === 1 ? same[0] : undefined;
}

function isSame(copy: string, source: string): boolean {
  return (
    isFile(source) && statSync(source).size === statSync(copy).size && readFileSync(source).equals(readFileSync(copy))
  );
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
