import { type Context, RequestContext } from './context';
import { type Caller, callerOf } from './principal-match';
import { listOf, type PolicyDocument } from './policy';
import { among, type Answer, CompiledStatement, malformed, type PolicyKind, type Question } from './statement';
import { and, type Finding, not, or, YES } from './truth';
import { parseArn } from '../arn';

/** A call to judge. */
export interface AccessRequest {
  /** `dynamodb:GetItem`. */
  readonly action: string;
  /** The ARN of the resource, or `*` for an action that has none. */
  readonly resource: string;
  /**
   * The caller: the ARN of a user, role or session, an account id, a service principal (`sns.amazonaws.com`), or `*` if
   * anonymous.
   * @default - a principal in the resource's account with the identity policies
   */
  readonly principal?: string;
  /**
   * The request context by key. If given, the answer is definite and missing keys are absent. / @default - unknown: a
   * condition makes the answer conditional
   */
  readonly context?: Context;
}

/** The policies that apply to a call. */
export interface AccessPolicies {
  /** The policies of the caller, inline and managed. */
  readonly identity: readonly PolicyDocument[];
  /** The permissions boundary of the caller. */
  readonly boundary?: PolicyDocument;
  /** The policy of the resource; of a role, its trust policy. */
  readonly resourcePolicy?: PolicyDocument;
}

/**
 * Whether a call goes through. `conditional` depends on the request; `unknown` could not be judged, and is not a pass.
 */
export type Verdict = 'allowed' | 'denied' | 'conditional' | 'unknown';

/** A verdict with its reasons. */
export interface Decision {
  /** The verdict. */
  readonly verdict: Verdict;
  /** Why, in sentences: the deciding statements, with their conditions in words. */
  readonly reasons: readonly string[];
}

const RESOURCE_POLICY = 'the resource policy';

/**
 * Judges one call by IAM's documented algorithm: an explicit deny wins; within an account an identity or a resource
 * policy must allow, across accounts both; a boundary limits what identity policies allow, and what a resource policy
 * allows a role; a service has resource policies only; keys and roles must name who may use them. Service control
 * policies, session policies and endpoint policies are not part of it.
 *
 * @example
 * evaluate(
 *   { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-west-1:111111111111:orders', context: {} },
 *   { identity: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*' } }] },
 * ).verdict; // 'allowed'
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(request: AccessRequest, policies: AccessPolicies): Decision {
  const caller = request.principal === undefined ? undefined : callerOf(request.principal);
  const question: Question = {
    action: request.action,
    resource: request.resource,
    bounded: policies.boundary !== undefined,
    ...(caller && { caller }),
    ...(request.context && { context: new RequestContext(request.context, impliedBy(caller)) }),
  };
  const identity = policies.identity.flatMap((policy, index) => ask(policy, `identity policy ${index + 1}`, question));
  const { boundary: limit, resourcePolicy } = policies;
  const boundary = limit === undefined ? undefined : ask(limit, 'the boundary', question);
  const resource = resourcePolicy === undefined ? [] : ask(resourcePolicy, RESOURCE_POLICY, question);
  const denied = or(...among([...identity, ...(boundary ?? []), ...resource], 'Deny'));
  const allowed = allow(question, identity, boundary, resource, resourcePolicy !== undefined);
  return decision(question, denied, allowed);
}

/** What any request of this caller says of it. */
function impliedBy(caller: Caller | undefined): Context {
  if (caller?.kind === 'service') return { 'aws:PrincipalIsAWSService': true, 'aws:PrincipalServiceName': caller.name };
  if (caller?.kind !== 'identity' && caller?.kind !== 'root') return {};
  return {
    'aws:PrincipalArn': roleArnOf(caller),
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalIsAWSService': false,
  };
}

/** The context has the role of a session. */
function roleArnOf({ arn }: { readonly arn: string }): string {
  return arn.replace(/:sts::(\d{12}):assumed-role\/([^/]+)\/.*$/, ':iam::$1:role/$2');
}

function allow(
  question: Question,
  identity: readonly Answer[],
  boundary: readonly Answer[] | undefined,
  resource: readonly Answer[],
  hasResourcePolicy: boolean,
): Finding {
  const { action, caller } = question;
  const direct = or(...among(resource, 'Allow', 'direct'));
  if (caller && caller.kind !== 'identity' && caller.kind !== 'root') return direct;
  const within = boundary ? or(...among(boundary, 'Allow')) : YES;
  const byAccount = or(...among(resource, 'Allow', 'account'));
  const byRole = and(or(...among(resource, 'Allow', 'role')), within);
  const byIdentity = and(caller?.kind === 'root' ? YES : or(...among(identity, 'Allow')), within);
  if (crossesAccounts(question)) return and(byIdentity, or(direct, byRole, byAccount));
  if (hasResourcePolicy && needsResourcePolicy(action)) return or(direct, byRole, and(byAccount, byIdentity));
  return or(byIdentity, direct, byRole);
}

/** A resource whose account is in neither its ARN nor the context (a bucket) is assumed to be in the caller's. */
function crossesAccounts({ caller, resource, context }: Question): boolean {
  if (caller?.kind !== 'identity' && caller?.kind !== 'root') return false;
  const owner = parseArn(resource)?.account || context?.variable('aws:ResourceAccount') || '';
  return /^\d{12}$/.test(owner) && owner !== caller.account;
}

/** A key or role must admit the account before its identity policies count. */
function needsResourcePolicy(action: string): boolean {
  return /^(kms:|sts:assumerole)/i.test(action);
}

function decision(question: Question, denied: Finding, allowed: Finding): Decision {
  if (denied.truth === 'yes') return { verdict: 'denied', reasons: denied.reasons };
  if (allowed.truth === 'no') return { verdict: 'denied', reasons: [nobodyAllows(question)] };
  const { truth, reasons: all } = and(allowed, not(denied));
  const reasons = [...new Set(all)];
  if (truth === 'maybe') return { verdict: 'conditional', reasons };
  return { verdict: truth === 'yes' ? 'allowed' : 'unknown', reasons };
}

function nobodyAllows(question: Question): string {
  const { action, resource, caller, bounded } = question;
  const by = (() => {
    if (caller?.kind === 'service') return `the resource policy does not allow '${caller.name}'`;
    if (caller?.kind === 'anonymous' || caller?.kind === 'foreign')
      return 'the resource policy does not allow the caller';
    if (crossesAccounts(question)) {
      return 'across accounts the identity policies and the resource policy must both allow it';
    }
    return bounded ? 'no policy allows it within the boundary' : 'no policy allows it';
  })();
  return `${action} on ${resource}: ${by}`;
}

const compiled = new WeakMap<PolicyDocument, Map<string, readonly CompiledStatement[]>>();

/** Evaluates every statement of a policy; compiled once per use. */
function ask(policy: PolicyDocument, name: string, question: Question): readonly Answer[] {
  if (typeof policy !== 'object' || policy === null || policy.Statement === undefined) {
    return [malformed(`${name} is malformed: it is not a policy with a 'Statement'`)];
  }
  const places = compiled.get(policy) ?? new Map<string, readonly CompiledStatement[]>();
  compiled.set(policy, places);
  const statements = places.get(name) ?? compile(policy, name);
  places.set(name, statements);
  return statements.map((statement) => statement.ask(question));
}

function compile(policy: PolicyDocument, name: string): readonly CompiledStatement[] {
  const kind: PolicyKind = name === RESOURCE_POLICY ? 'resource' : 'identity';
  const statements = listOf(policy.Statement);
  return statements.map((statement, index) => {
    const label = statement?.Sid ? `statement '${statement.Sid}'` : `statement ${index + 1}`;
    return new CompiledStatement(statement, `${label} of ${name}`, kind, policy.Version);
  });
}
