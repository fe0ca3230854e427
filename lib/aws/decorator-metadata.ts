import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { nearestTypeScriptConfig, readTypeScriptConfig } from '../core/bundle/tsconfig';

const DECORATOR = /^\s*(?:export\s+)?@[A-Za-z_$][\w$.]*\s*(?:\(|\n|\s(?:class|export|abstract)\b)/m;

/**
 * A source whose decorator types a `tsconfig.json` asks to emit, which esbuild does not do: frameworks that inject by
 * type then find nothing at run time.
 * @param entry of the bundle
 * @param sources of the bundle, absolute
 * @see https://esbuild.github.io/content-types/#typescript-caveats
 */
export function decoratorMetadataLost(entry: string, sources: readonly string[]): string | undefined {
  const config = nearestTypeScriptConfig(dirname(entry));
  if (config === undefined || !emitsMetadata(config)) return undefined;
  return sources
    .filter((source) => /\.[cm]?tsx?$/.test(source) && !source.includes('/node_modules/'))
    .find((source) => DECORATOR.test(readFileSync(source, 'utf8')));
}

/** What configurations ask for, read once while constructs are made one after the other: most handlers share one. */
const known = new Map<string, boolean>();

function emitsMetadata(config: string): boolean {
  const found = known.get(config) ?? readTypeScriptConfig(config).emitDecoratorMetadata === true;
  if (known.size === 0) queueMicrotask(() => known.clear());
  known.set(config, found);
  return found;
}
