import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { IConstruct } from 'constructs';
import { nearestTypeScriptConfig, readTypeScriptConfig } from '../core/bundle/tsconfig';

const DECORATOR = /^\s*(?:export\s+)?@[A-Za-z_$][\w$.]*\s*(?:\(|\n|\s(?:class|export|abstract)\b)/m;

/**
 * A source whose decorator types a `tsconfig.json` asks to emit, which esbuild does not do: frameworks that inject by
 * type then find nothing at run time.
 * @param app that is read for
 * @param entry of the bundle
 * @param sources of the bundle, absolute
 * @see https://esbuild.github.io/content-types/#typescript-caveats
 */
export function decoratorMetadataLost(app: IConstruct, entry: string, sources: readonly string[]): string | undefined {
  const config = nearestTypeScriptConfig(dirname(entry));
  if (config === undefined || !emitsMetadata(app, config)) return undefined;
  return sources
    .filter((source) => /\.[cm]?tsx?$/.test(source) && !source.includes('/node_modules/'))
    .find((source) => DECORATOR.test(readFileSync(source, 'utf8')));
}

/** What configurations ask for, as each app found them: most handlers share one, and `cdk watch` sees it changed. */
const read = new WeakMap<IConstruct, Map<string, boolean>>();

function emitsMetadata(app: IConstruct, config: string): boolean {
  const known = read.get(app) ?? new Map<string, boolean>();
  const emits = known.get(config) ?? readTypeScriptConfig(config).emitDecoratorMetadata === true;
  read.set(app, known.set(config, emits));
  return emits;
}
