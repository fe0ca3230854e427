import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const DECORATOR = /^\s*(?:export\s+)?@[A-Za-z_$][\w$.]*\s*(?:\(|\n|\s(?:class|export|abstract)\b)/m;

/**
 * A source with decorators whose types a `tsconfig.json` asks to keep, which esbuild does not do: frameworks that inject by
 * type then find nothing when the function starts.
 * @param entry of the bundle
 * @param sources of the bundle, absolute
 * @see https://esbuild.github.io/content-types/#typescript-caveats
 */
export function decoratorMetadataLost(entry: string, sources: readonly string[]): string | undefined {
  if (!asksForMetadata(configOf(dirname(entry)))) return undefined;
  return sources
    .filter((source) => /\.[cm]?tsx?$/.test(source) && !source.includes('/node_modules/'))
    .find((source) => DECORATOR.test(readFileSync(source, 'utf8')));
}

function configOf(directory: string): string | undefined {
  const file = join(directory, 'tsconfig.json');
  if (existsSync(file)) return file;
  return directory === dirname(directory) ? undefined : configOf(dirname(directory));
}

/** The file allows comments and trailing commas, so that it is read as text; the nearest of a chain decides. */
function asksForMetadata(file: string | undefined, seen: readonly string[] = []): boolean {
  if (file === undefined || seen.includes(file) || !existsSync(file)) return false;
  const text = readFileSync(file, 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  const own = /"emitDecoratorMetadata"\s*:\s*(true|false)/.exec(text)?.[1];
  if (own !== undefined) return own === 'true';
  const base = /"extends"\s*:\s*"(\.[^"]*)"/.exec(text)?.[1];
  if (base === undefined) return false;
  const path = resolve(dirname(file), base);
  return asksForMetadata(existsSync(path) ? path : `${path}.json`, [...seen, file]);
}
