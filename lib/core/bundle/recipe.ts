import { relative, resolve } from 'node:path';
import type { BundleSettings } from './bundler';

/** How the code of a function was made, so that it can be made again without its app. */
export interface BundleRecipe {
  /** The handler's module. */
  readonly entry: string;
  /** How it was bundled. */
  readonly settings: BundleSettings;
}

/** The type of construct metadata with a recipe. */
export const RECIPE = 'lintel:bundle';

/** A recipe as an assembly keeps it: paths relative to the working directory of the app. */
export function recorded(recipe: BundleRecipe): BundleRecipe {
  return withPaths(recipe, (path) => relative(process.cwd(), path));
}

/** A recipe with absolute paths. @param directory where its app ran */
export function restored(recipe: BundleRecipe, directory: string): BundleRecipe {
  return withPaths(recipe, (path) => resolve(directory, path));
}

function withPaths({ entry, settings }: BundleRecipe, change: (path: string) => string): BundleRecipe {
  const { project, plugins } = settings;
  return {
    entry: change(entry),
    settings: { ...settings, project: change(project), ...(plugins !== undefined && { plugins: change(plugins) }) },
  };
}
