import type { Rule } from '../rules/rule';
import type { AccessActions, AccessName } from './access-matchers';
import { matchers } from './matchers';

/** Registers the matchers where a test runs; elsewhere, such as in a script, there is nothing to register them with. */
if ('expect' in globalThis && typeof expect.extend === 'function') expect.extend(matchers);

/**
 * What the matchers add to `expect(...)`. The import alone extends jest's global `expect`, and
 * `import 'lintel/testing/vitest'` extends vitest's; for that of `@jest/globals`, declare it once:
 * @example
 * addMatchers(expect);
 * declare module 'expect' {
 *   interface Matchers<R extends void | Promise<void>> extends LintelMatchers<R> {}
 * }
 */
export interface LintelMatchers<R> {
  /**
   * Judges a stack with its nested stacks, an app or stage, a template, a Pulumi graph, or a path that `lintel check`
   * accepts. Fails on errors, warnings and unknown verdicts, unless they are acknowledged.
   * @param rules which rules judge; all by default
   */
  toPassRules(rules?: readonly Rule[]): R;

  /**
   * Compares the normalised template of a stack, an `assertions.Template`, a stack of a cloud assembly or a template as
   * JSON with the stored snapshot of the test. Hashes of assets, ids of function versions and CDK's own metadata are
   * left out; validation plugins may have found errors.
   * @param hint tells several snapshots of one test apart
   */
  toMatchTemplateSnapshot(hint?: string): R;

  /**
   * Compares the graph of a Pulumi program with the stored snapshot of the test: `expect(await synthesize(program))`.
   * Digests, code and places of files are left out.
   * @param hint tells several snapshots of one test apart
   */
  toMatchGraphSnapshot(hint?: string): R;

  /**
   * Whether a function, state machine or other principal is granted all of some actions on a resource, by all policies
   * of the templates: `expect(stack).toGrant(handler, ['dynamodb:GetItem'], table)`. A grant under conditions counts.
   * @param who a construct or its path
   * @param actions as policies name them; wildcards mean all of their actions
   * @param on a construct, its path with what follows (`Shop/Orders/index/*`), an ARN, or `*`
   */
  toGrant(who: AccessName, actions: AccessActions, on: AccessName): R;

  /**
   * Like `toGrant`, and no other action of the resource's service is granted on it, not even by wildcards:
   * `expect(stack).toGrantOnly(handler, ['dynamodb:GetItem'], table)`.
   * @param who a construct or its path
   * @param actions as policies name them
   * @param on a construct, its path with what follows, or an ARN
   */
  toGrantOnly(who: AccessName, actions: AccessActions, on: AccessName): R;

  /**
   * Compares who may do what with the stored snapshot of the test. Construct paths stand for resources, so that hashes,
   * accounts and regions make no difference.
   * @param hint tells several snapshots of one test apart
   */
  toMatchAccessSnapshot(hint?: string): R;
}

declare global {
  namespace jest {
    // The type parameters must be those of @types/jest.
    interface Matchers<R, T = {}> extends LintelMatchers<R> {}
  }
}
