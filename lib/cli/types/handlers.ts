import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { displayName } from '../../core/model/display';
import type { Model, Resource } from '../../core/model/model';
import { at, eachBranch, isMap, isUnknown, toText } from '../../core/model/select';
import type { Value } from '../../core/model/values';
import { rebuildable } from '../watch/recipes';

/** A function that runs JavaScript, and its variables. */
export interface Handler {
  readonly name: string;
  readonly resource: Resource;
  /** By name; a value is undefined if the variable is not always there. */
  readonly variables: Readonly<Record<string, readonly (Value | undefined)[]>>;
}

/** The team's handlers, and those whose variables are unknown. */
export interface Handlers {
  readonly handlers: readonly Handler[];
  readonly unread: readonly string[];
}

/**
 * The functions of a model that run JavaScript, except those whose code is ours.
 * @param place what the model was read from
 */
export function handlersOf(model: Model, place: string): Handlers {
  const module = shipped(place);
  const [handlers, unread]: [Handler[], string[]] = [[], []];
  for (const resource of model.ofType('AWS::Lambda::Function')) {
    const name = displayName(resource);
    const runtime = toText(at(resource, 'Runtime'));
    if (module.has(name) || (runtime !== undefined && !runtime.startsWith('nodejs'))) continue;
    const branches = eachBranch(at(resource, 'Environment.Variables')).map(({ value }) => value);
    if (branches.some((value) => isUnknown(value))) {
      unread.push(name);
      continue;
    }
    const maps = branches.map((value) => (isMap(value) ? value : {}));
    const names = [...new Set(maps.flatMap(Object.keys))].sort();
    const values = names.map((variable) => [
      variable,
      maps.flatMap((map) => eachBranch(map[variable]).map(({ value }) => value)),
    ]);
    handlers.push({ name, resource, variables: Object.fromEntries(values) as Handler['variables'] });
  }
  return { handlers: handlers.sort((a, b) => (a.name < b.name ? -1 : 1)), unread };
}

/** The functions whose code comes with this package and contains none of the team's. */
function shipped(place: string): ReadonlySet<string> {
  if (!existsSync(path.join(place, 'manifest.json'))) return new Set();
  const own = realpathSync(path.join(__dirname, '../..'));
  return new Set(
    rebuildable(place, process.cwd())
      .filter(({ recipe }) => recipe.settings.options.alias?.['lintel:handler'] === undefined)
      .filter(({ recipe: { entry } }) => entry.startsWith(`${own}${path.sep}`) || PACKAGE.test(entry))
      .map(({ fn }) => fn),
  );
}

const PACKAGE = /[\\/]node_modules[\\/]lintel[\\/]dist[\\/]/;
