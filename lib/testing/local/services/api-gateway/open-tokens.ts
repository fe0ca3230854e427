import { asList } from '../../kernel/json';

/** Whether a setting, or an item of a list, is known only at deployment. @param given with null for what is not known */
export function isOpen(given: unknown): boolean {
  return given === null || asList(given).includes(null);
}

/** For the list of what is not run: an authorizer that cannot judge tokens. */
export function tokensNotAccepted(authorizer: string, settings: string): string {
  return `the ${settings} of the authorizer '${authorizer}' are known only at deployment: it accepts no tokens of them; set the parameter in 'templateParameters'`;
}
