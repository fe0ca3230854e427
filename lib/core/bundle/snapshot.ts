import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { nearestTypeScriptConfig, readTypeScriptConfig, type TypeScriptConfig } from './tsconfig';

/** Extensions that an import may leave out, or name in place of those of TypeScript. */
const RESOLVED = ['.tsx', '.ts', '.jsx', '.js', '.css', '.json', '.mts', '.cts', '.mjs', '.cjs'];

/** The files of the machine as one synthesis sees them: each is read once. */
export class Snapshot {
  private readonly hashes = new Map<string, string>();
  private readonly listings = new Map<string, string>();
  private readonly directories = new Map<string, readonly Dirent[]>();
  private readonly nearest = new Map<string, readonly TypeScriptConfig[]>();
  private readonly configs = new Map<string, TypeScriptConfig>();

  /** The hash of a file's content; empty if there is no readable file. */
  hashOf(file: string): string {
    return remembered(this.hashes, file, () => {
      if (!stat(file)?.isFile()) return '';
      try {
        return createHash('sha256').update(readFileSync(file)).digest('base64url');
      } catch {
        return '';
      }
    });
  }

  /** What an import of a name may resolve to in a directory: files and folders of that name, link targets included. */
  candidates(directory: string, name: string): string {
    return remembered(this.listings, `${directory}\0${name}`, () => {
      const entries = this.entriesOf(directory).filter((entry) => isMeant(entry.name, name));
      if (entries.length === 0) return '';
      const shown = entries.map((entry) => `${entry.name}:${kindOf(entry, join(directory, entry.name))}`);
      return [realOf(directory), ...shown.sort()].join('|');
    });
  }

  /** The `tsconfig.json` that applies to the modules of a directory; undefined if there is none. */
  typeScriptConfig(directory: string): TypeScriptConfig | undefined {
    const [found] = remembered(this.nearest, directory, () => {
      const file = nearestTypeScriptConfig(directory);
      return file === undefined ? [] : [remembered(this.configs, file, () => readTypeScriptConfig(file))];
    });
    return found;
  }

  /** Whether there is a directory. */
  isDirectory(path: string): boolean {
    return stat(path)?.isDirectory() ?? false;
  }

  /** Whether a file was changed at or after a time, so that its content may not be what was bundled. */
  changedSince(file: string, time: number): boolean {
    const stats = stat(file);
    return stats !== undefined && stats.ctimeMs >= time;
  }

  private entriesOf(directory: string): readonly Dirent[] {
    return remembered(this.directories, directory, () => {
      try {
        return readdirSync(directory, { withFileTypes: true });
      } catch {
        return [];
      }
    });
  }
}

function isMeant(entry: string, name: string): boolean {
  const stem = RESOLVED.find((extension) => name.endsWith(extension));
  const names = stem === undefined ? [name] : [name, basename(name, stem)];
  return names.some(
    (one) => entry === one || (entry.startsWith(`${one}.`) && RESOLVED.includes(entry.slice(one.length))),
  );
}

function kindOf(entry: Dirent, path: string): string {
  if (entry.isSymbolicLink()) return `l:${realOf(path)}`;
  return entry.isDirectory() ? 'd' : 'f';
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return '';
  }
}

function stat(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
