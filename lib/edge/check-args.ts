import * as pulumi from '@pulumi/pulumi';
import { type Check, failuresOf } from '../core/check/check';
import { type ForeignNames, type Shape, shapeChecks } from '../core/check/shape';

/** What every component of the edge takes. */
export interface AccountArgs {
  /**
   * The Cloudflare account.
   * @default - the Pulumi configuration `cloudflare:accountId`
   */
  readonly accountId?: pulumi.Input<string>;
}

/**
 * Judges the arguments of a component as they were written: names that do not exist, values of another type, values that
 * are missing. Before anything reads them.
 * @param foreign names from elsewhere, which get a remedy of their own
 * @throws InputPropertiesError with all failures at once
 */
export function checkShape<A extends object>(name: string, args: A, shape: Shape<A>, foreign: ForeignNames = {}): void {
  refuse(name, shapeChecks(args, shape, '', foreign));
}

/**
 * Judges a component's table of checks before anything is created, and finds the account it belongs to.
 * @param name the name of the component, which every message ends with
 * @throws InputPropertiesError with all failures at once
 */
export function checkArgs(name: string, args: AccountArgs | undefined, checks: readonly Check[]): pulumi.Input<string> {
  const accountId = args?.accountId ?? new pulumi.Config('cloudflare').get('accountId') ?? '';
  refuse(name, [
    {
      prop: 'accountId',
      value: accountId || undefined,
      valid: () => accountId !== '',
      rule: 'must name the Cloudflare account',
      remedy: "set it, or run 'pulumi config set cloudflare:accountId <id>'",
    },
    ...checks,
  ]);
  return accountId;
}

/**
 * Judges a table of checks.
 * @param name the name of the component, which every message ends with
 * @throws InputPropertiesError with all failures at once
 */
export function refuse(name: string, checks: readonly Check[]): void {
  const failures = failuresOf(checks);
  if (failures.length === 0) return;
  throw new pulumi.InputPropertiesError({
    message: failures.map(({ message }) => `${message} (${name})`).join('\n'),
    errors: failures.map(({ prop, message }) => ({ propertyPath: prop, reason: message })),
  });
}
