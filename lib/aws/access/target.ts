import { type IResource, Stack, Token } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { AccessStatement } from './capability';
import type { Place } from './place';

/**
 * The resource that a statement is about, as needed by functions of other accounts or regions. What must be resolved for it is
 * resolved when it is read: most functions are at home.
 */
export interface Target {
  /** What it is, with its article: `a table`. */
  readonly what: string;
  /** The construct. */
  readonly resource: IResource;
  /** Where it is. */
  readonly place: Place;
  /**
   * The prop that names it; its ARN, which CDK builds from the name for another environment; and whether the name was chosen by the team.
   * @default - its ARN is known anyway
   */
  readonly name?: { readonly prop: string; readonly arn: string; readonly chosen?: boolean };
  /**
   * Whether it can be used only from its own region: reading from a queue or a stream.
   * @default false
   */
  readonly near?: boolean;
  /**
   * What rules out other accounts, whatever a policy says: rule and remedy.
   * @default - nothing
   */
  readonly refusal?: { readonly rule: string; readonly remedy: string };
  /**
   * Its ARNs as used in its own policy.
   * @default - those of the statement
   */
  readonly ownArns?: readonly string[];
  /**
   * Its ARNs as used by an identity in another environment, and why they contain a wildcard.
   * @default - those of the statement
   */
  readonly foreignArns?: { readonly resources: readonly string[]; readonly wildcard: string };
  /**
   * Whether its stack can be deployed after a function's, whose role must exist first.
   * @default - its policy accepts a role that does not exist yet
   */
  readonly waitsFor?: (fn: IFunction) => boolean;
  /**
   * Its copy in another region of its account, if any: place, ARNs and conditions there.
   * @default - no copies
   */
  readonly copyAt?: (place: Place) => Copy | undefined;
  /**
   * Regions with a copy, if any: used to tell a client that is in none of them.
   * @default - none
   */
  readonly copies?: readonly string[];
  /**
   * Adds a statement to the resource's policy, under a key that distinguishes it; returns whether this app has such a policy.
   * @default - no policy that a template can write
   */
  readonly admit?: (statement: PolicyStatement, fn: IFunction, key: string) => boolean;
  /**
   * Whether its policy has a statement for each role, since it knows no condition on who calls.
   * @default false
   */
  readonly admitsEach?: boolean;
}

/** A copy of a resource in another region. */
export interface Copy {
  readonly resources: readonly string[];
  /** @default - those of the statement */
  readonly conditions?: AccessStatement['conditions'];
}

/** Constructs that can add to a policy of their own. */
interface WithPolicy {
  addToResourcePolicy(statement: PolicyStatement): { readonly statementAdded: boolean };
}

/** Adds to the policy of an L2 that has one. */
export function throughPolicyOf(resource: IResource): NonNullable<Target['admit']> {
  return (statement) => (resource as IResource & WithPolicy).addToResourcePolicy(statement).statementAdded;
}

/** Something that can be used only from its own account and region, since its ARNs are built from both. */
export function atHome(what: string, resource: IResource): Target {
  return {
    what,
    resource,
    place: resource.env,
    near: true,
    refusal: {
      rule: `must be used from its own account: it is ${what} of account ${resource.env.account}`,
      remedy: 'put the function there, and invoke it: Access.function(fn).invoke()',
    },
  };
}

/** Whether this app creates a resource rather than importing it. */
export function isOwn(resource: IResource): boolean {
  return resource.node.defaultChild !== undefined;
}

/** The prop that names a resource of this app, and the ARN built from it. */
export function named(resource: IResource, prop: string, arn: string): Target['name'] {
  return isOwn(resource) ? { prop, arn } : undefined;
}

/** A property of the L1 behind a resource of this app, as it is now. */
export function propertyOf(resource: IResource, property: string): unknown {
  const definition = resource.node.defaultChild as unknown as Readonly<Record<string, unknown>> | undefined;
  const value = definition?.[property];
  return Token.isUnresolved(value) || typeof value === 'object' ? Stack.of(resource).resolve(value) : value;
}

/** What no policy can fix: an AWS key serves only its own account. */
export function refusedByManagedKey(isManagedKey: boolean, prop: string): Target['refusal'] {
  if (!isManagedKey) return undefined;
  return {
    rule: 'must not use an AWS managed key, which does not serve other accounts',
    remedy: `give it a customer-managed key in '${prop}'`,
  };
}

/** Resources whose owner's policy is stated to admit the functions of this app. */
const ADMITTING = new WeakSet<object>();

/** Records that the policy of a resource, managed elsewhere, admits the functions that use it. */
export function admitting<T extends IResource>(resource: T): T {
  ADMITTING.add(resource);
  return resource;
}

/** Whether that was stated for a resource. */
export function isAdmitting(resource: IResource): boolean {
  return ADMITTING.has(resource);
}
