import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** What a `tsconfig.json` and those that it extends say that matters to a bundle. */
export interface TypeScriptConfig {
  /** Every file that was read, or would have been if it were there. */
  readonly files: readonly string[];
  /** Where names without a dot are looked up first; undefined if not set. */
  readonly baseUrl: string | undefined;
  /** Where names are looked for, by pattern; absolute, in order. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** Whether to emit type metadata for frameworks that inject by type; undefined if not set. */
  readonly emitDecoratorMetadata: boolean | undefined;
}

/** The part of a file that is read. */
interface Content {
  readonly extends?: string | readonly string[];
  readonly compilerOptions?: {
    readonly baseUrl?: string;
    readonly paths?: Readonly<Record<string, readonly string[]>>;
    readonly emitDecoratorMetadata?: boolean;
  };
}

const NAMES = ['tsconfig.json', 'jsconfig.json'];

/** The file that applies to the modules of a directory. */
export function nearestTypeScriptConfig(directory: string): string | undefined {
  const file = NAMES.map((name) => join(directory, name)).find((path) => existsSync(path));
  if (file !== undefined) return file;
  return directory === dirname(directory) ? undefined : nearestTypeScriptConfig(dirname(directory));
}

/** Reads a file with those it extends; unreadable ones are ignored. */
export function readTypeScriptConfig(
  file: string,
  root = dirname(file),
  seen: readonly string[] = [],
): TypeScriptConfig {
  const { extends: bases = [], compilerOptions = {} } = seen.includes(file) ? {} : contentOf(file);
  const parents = [bases].flat().map((base) => {
    const candidates = candidatesOf(base, dirname(file));
    const found = candidates.find((path) => existsSync(path) && path.endsWith('.json'));
    const parent = found === undefined ? EMPTY : readTypeScriptConfig(found, root, [...seen, file]);
    return { ...parent, files: [...candidates, ...parent.files] };
  });
  const inherited = parents.reduce(outweighed, EMPTY);
  const absolute = (path: string) => resolve(dirname(file), path.replace('${configDir}', root));
  const baseUrl = compilerOptions.baseUrl === undefined ? inherited.baseUrl : absolute(compilerOptions.baseUrl);
  const from = (target: string) =>
    compilerOptions.baseUrl === undefined ? absolute(target) : resolve(baseUrl!, target);
  return {
    files: [file, ...parents.flatMap(({ files }) => files)],
    baseUrl,
    paths: compilerOptions.paths
      ? new Map(Object.entries(compilerOptions.paths).map(([name, targets]) => [name, targets.map(from)]))
      : inherited.paths,
    emitDecoratorMetadata: compilerOptions.emitDecoratorMetadata ?? inherited.emitDecoratorMetadata,
  };
}

const EMPTY: TypeScriptConfig = { files: [], baseUrl: undefined, paths: new Map(), emitDecoratorMetadata: undefined };

/** What the parents before one say, except what this one says itself. */
function outweighed(before: TypeScriptConfig, parent: TypeScriptConfig): TypeScriptConfig {
  return {
    files: [],
    baseUrl: parent.baseUrl ?? before.baseUrl,
    paths: parent.paths.size > 0 ? parent.paths : before.paths,
    emitDecoratorMetadata: parent.emitDecoratorMetadata ?? before.emitDecoratorMetadata,
  };
}

/** Where the file that another extends may be, a package's included. */
function candidatesOf(base: string, directory: string): readonly string[] {
  if (base.startsWith('.') || isAbsolute(base)) {
    const path = resolve(directory, base);
    return [path, `${path}.json`, join(path, 'tsconfig.json')];
  }
  const here = join(directory, 'node_modules', base);
  const found = [here, `${here}.json`, join(here, 'tsconfig.json'), join(here, 'package.json')];
  return directory === dirname(directory) ? found : [...found, ...candidatesOf(base, dirname(directory))];
}

/** The file allows comments and trailing commas. */
function contentOf(file: string): Content {
  try {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    const plain = text.replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[^]*?\*\//g, '$1');
    return JSON.parse(plain.replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, '$1')) as Content;
  } catch {
    return {};
  }
}
