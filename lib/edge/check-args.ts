import * as pulumi from '@pulumi/pulumi';
import { type Check, failuresOf } from '../core/check/check';
import type { Failure } from '../core/errors';
import { componentChecks, nameOrClass } from '../core/check/component';
import { failuresIn, type ForeignNames, type Shape, shapeChecks } from '../core/check/shape';

/** Arguments of every edge component. */
export interface AccountArgs {
  /**
   * The Cloudflare account.
   * @default - the Pulumi configuration `cloudflare:accountId`
   */
  readonly accountId?: pulumi.Input<string>;
}

/**
 * Checks the name and options of a component, before Pulumi reads them.
 * @param type the class of the component: `new.target`
 * @throws InputPropertiesError with all failures at once
 */
export function checkName(type: { readonly name: string }, name: unknown, opts: unknown): void {
  refuse(nameOrClass(type.name, name), componentChecks(type.name, name, opts));
}

/**
 * Checks the arguments of a component as written: unknown names, wrong types, missing
 * values. Runs before anything reads them.
 * @param foreign names from elsewhere, with a remedy for each
 * @throws InputPropertiesError with all failures at once
 */
export function checkShape<A extends object>(name: string, args: A, shape: Shape<A>, foreign: ForeignNames = {}): void {
  report(
    name,
    failuresIn(args, () => shapeChecks(args, shape, '', foreign)),
  );
}

/**
 * Runs a component's checks before anything is created, and finds its account.
 * @param name the name of the component, which ends every message
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
 * Throws what the checks find.
 * @param name the name of the component, which ends every message
 * @throws InputPropertiesError with all failures at once
 */
export function refuse(name: string, checks: readonly Check[]): void {
  report(name, failuresOf(checks));
}

function report(name: string, failures: readonly Failure[]): void {
  if (failures.length === 0) return;
  throw new pulumi.InputPropertiesError({
    message: failures.map(({ message }) => `${message} (${name})`).join('\n'),
    errors: failures.map(({ prop, message }) => ({ propertyPath: prop, reason: message })),
  });
}
