import { type JsonObject, recordOf } from './json';

/**
 * Which settings are known only after deployment, as reasons for the list of what is not run.
 * @param given properties with null for what is not known
 * @param names of settings, with dots between levels
 */
export function knownLater(given: JsonObject, names: readonly string[]): readonly string[] {
  return names
    .filter((name) => name.split('.').reduce<unknown>((at, step) => recordOf(at)[step], given) === null)
    .map((name) => `its ${name} is known only at deployment; set its parameter in 'templateParameters'`);
}
