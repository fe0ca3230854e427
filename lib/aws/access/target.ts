import { type IResource, Stack, Token } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { AccessStatement } from './capability';
import type { Place } from './place';

/** The resource that a statement is about, as a function of another account or region needs it. */
export interface Target {
  /** What it is, with its article: `a table`. */
  readonly what: string;
  /** The construct. */
  readonly resource: IResource;
  /** Where it is. */
  readonly place: Place;
  /**
   * The prop that names it; its ARN, which CDK makes of the name for another environment; and whether somebody chose the name.
   * @default - its ARN is known without
   */
  readonly name?: { readonly prop: string; readonly arn: string; readonly chosen?: boolean };
  /**
   * Whether only somebody of its region can use it so: what reads from a queue or a stream.
   * @default false
   */
  readonly near?: boolean;
  /**
   * What keeps another account from using it, whatever a policy says: rule and remedy.
   * @default - nothing
   */
  readonly barred?: { readonly rule: string; readonly remedy: string };
  /**
   * Its ARNs as its own policy names them.
   * @default - those of the statement
   */
  readonly ownArns?: readonly string[];
  /**
   * Its ARNs as an identity of another environment names them, and why there is a wildcard.
   * @default - those of the statement
   */
  readonly foreignArns?: { readonly resources: readonly string[]; readonly wildcard: string };
  /**
   * Whether its stack can be deployed after that of a function, whose role must be there before.
   * @default - its policy takes a role that is not there yet
   */
  readonly waitsFor?: (fn: IFunction) => boolean;
  /**
   * What stands for it in another region of its account, where there is a copy: where that is, its ARNs and the conditions there.
   * @default - it is in its own region alone
   */
  readonly copyAt?: (place: Place) => Copy | undefined;
  /**
   * Regions with a copy, where there are any: who is in none of them is told so.
   * @default - none
   */
  readonly copies?: readonly string[];
  /**
   * Adds a statement to the policy of the resource, with what tells it from the others; says whether there is such a policy in
   * this app.
   * @default - it has none that a template can write
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

/** What all constructs have that add to a policy of their own. */
interface WithPolicy {
  addToResourcePolicy(statement: PolicyStatement): { readonly statementAdded: boolean };
}

/** Adds to the policy of an L2 that has one. */
export function throughPolicyOf(resource: IResource): NonNullable<Target['admit']> {
  return (statement) => (resource as IResource & WithPolicy).addToResourcePolicy(statement).statementAdded;
}

/** What is used from its own account and region only: by ARNs that are made of both. */
export function atHome(what: string, resource: IResource): Target {
  return {
    what,
    resource,
    place: resource.env,
    near: true,
    barred: {
      rule: `must be used from its own account: it is ${what} of account ${resource.env.account}`,
      remedy: 'put the function there, and let it be called: Access.function(fn).invoke()',
    },
  };
}

/** Whether this app makes a resource, and does not import it. */
export function isOwn(resource: IResource): boolean {
  return resource.node.defaultChild !== undefined;
}

/** The prop that names a resource of this app, and the ARN that is made of it. */
export function named(resource: IResource, prop: string, arn: string): Target['name'] {
  return isOwn(resource) ? { prop, arn } : undefined;
}

/** A property of the L1 of a resource of this app, as it is now. */
export function propertyOf(resource: IResource, property: string): unknown {
  const definition = resource.node.defaultChild as unknown as Readonly<Record<string, unknown>> | undefined;
  const value = definition?.[property];
  return Token.isUnresolved(value) || typeof value === 'object' ? Stack.of(resource).resolve(value) : value;
}

/** What no policy mends: a key of AWS serves its own account alone. */
export function barredByKeyOfAws(barred: boolean, prop: string): Target['barred'] {
  if (!barred) return undefined;
  return {
    rule: 'must have no key of AWS, which serves nobody of another account',
    remedy: `give it a customer-managed key in '${prop}'`,
  };
}

/** Resources of which their owner's policy is said to admit the functions of this app. */
const ADMITTING = new WeakSet<object>();

/** Notes that the policy of a resource, which is kept elsewhere, admits the functions that use it. */
export function admitting<T extends IResource>(resource: T): T {
  ADMITTING.add(resource);
  return resource;
}

/** Whether that was said of a resource. */
export function isAdmitting(resource: IResource): boolean {
  return ADMITTING.has(resource);
}
