import { Aws, CfnElement, type IResolvable, Reference, Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { check } from '../../core/check/check';
import { acknowledge } from '../acknowledge';
import { acrossChecks, fromElsewhere } from './admission';
import { admit } from './admit';
import { type AccessMap, type AccessStatement, isCapability } from './capability';
import type { Place } from './place';

/**
 * The environment variables of an access map: `DB` with the suffix `HOST` is `DB_HOST`.
 * @param place where the function is
 */
export function variablesOf(access: AccessMap, place?: Place): [name: string, value: string][] {
  const all: [name: string, value: string][] = [];
  for (const [name, capability] of Object.entries(access)) {
    if (!isCapability(capability)) continue;
    const variables = place ? capability.variablesFrom(place) : capability.variables;
    for (const [suffix, value] of Object.entries(variables)) all.push([variableName(name, suffix), value]);
  }
  return all;
}

/** JavaScript to prepend to a handler's bundle for its capabilities; usually empty. */
export function preludeOf(access: AccessMap | undefined): string {
  return Object.entries(access ?? {})
    .map(([name, capability]) => (isCapability(capability) ? capability.prelude(name) : ''))
    .filter(Boolean)
    .join('\n');
}

/** Where the user wrote the resources that a function is granted. */
export interface Written {
  /** The user's construct. */
  readonly owner: IConstruct;
  /** The prop of each name in the access map. */
  readonly prop: (name: string) => string;
}

/**
 * Grants a function's own role what a pattern needs, in addition to `access`; and admits the role in the policies of resources
 * in other accounts.
 * @throws PatternError when the resource is in another account or region, and cannot be used from there
 */
export function grantStatements(
  fn: lambda.IFunction,
  name: string,
  statements: readonly AccessStatement[],
  { owner, prop }: Written,
): void {
  const known = statements.map(lookedUp);
  check(
    owner,
    known.flatMap((statement) => acrossChecks(fn, prop(name), statement)),
  );
  give(fn, name, known);
}

/** A statement that looks up once what it is about: of a table, this resolves the replicas. */
function lookedUp(statement: AccessStatement): AccessStatement {
  const target = statement.of?.();
  return target === undefined ? statement : { ...statement, of: () => target };
}

function give(fn: lambda.IFunction, name: string, statements: readonly AccessStatement[]): void {
  for (const statement of statements) {
    grant(fn.role, name, fromElsewhere(fn, statement));
    admit(fn, statement);
  }
}

/**
 * Grants a function's own role what an access map says. Setting the variables is up to the function.
 * @throws PatternError when a resource is in another account or region, and cannot be used from there
 */
export function grantAccess(fn: lambda.Function, access: AccessMap, written: Written = inAccess(fn)): void {
  const all = Object.entries(access).map(([name, capability]) => {
    return { name, capability, statements: capability.statements.map(lookedUp) };
  });
  check(
    written.owner,
    all.flatMap(({ name, statements }) =>
      statements.flatMap((statement) => acrossChecks(fn, written.prop(name), statement)),
    ),
  );
  for (const { name, capability, statements } of all) {
    give(fn, name, statements);
    capability.connect(fn);
  }
}

/** A function's own `access`. */
function inAccess(owner: IConstruct): Written {
  return { owner, prop: (name) => `access.${name}` };
}

function variableName(name: string, suffix: string): string {
  return suffix === '' ? name : `${name}_${suffix}`;
}

/**
 * Adds a statement to a role.
 * @param name in the access map, or anything else that identifies the statement
 */
export function grant(role: iam.IRole | undefined, name: string, statement: AccessStatement): void {
  const { actions, resources, conditions } = statement;
  // A list Token must be the only one in its statement, and a statement with a Sid is never merged with others.
  // The function's own addToRolePolicy ignores that, and would spread the statements over many policies.
  const sid = Token.isUnresolved(resources) ? `Access${name.replaceAll('_', '')}` : undefined;
  role?.addToPrincipalPolicy(
    new iam.PolicyStatement({ sid, actions: [...actions], resources: [...resources], conditions }),
  );
  const policy = role?.node.tryFindChild('DefaultPolicy');
  if (policy !== undefined) acknowledgeWildcards(policy, statement);
}

/** Acknowledges a policy's wildcard resources for rule packs, with the statement's reason. */
export function acknowledgeWildcards(policy: IConstruct, { resources, wildcard }: AccessStatement): void {
  if (wildcard === undefined) return;
  for (const resource of resources.filter((arn) => arn !== '*' && arn.endsWith('*'))) {
    const finding = inFinding(Stack.of(policy), resource);
    acknowledge(policy, { [`AwsSolutions::AwsSolutions-IAM5[Resource::${finding}]`]: wildcard });
  }
}

/** An ARN as cdk-nag writes it in a finding: `<OrdersF00BA4.Arn>/*`. */
function inFinding(stack: Stack, arn: string): string {
  const named = PSEUDO.reduce((text, [token, name]) => text.replaceAll(token, name), arn);
  const mapToken = (token: IResolvable) => (reference(stack, token) ?? flatten(stack.resolve(token))) as never;
  return String(Tokenization.reverseString(named).mapTokens({ mapToken }).join(new StringConcat()));
}

/** What most ARNs begin with. */
const PSEUDO = Object.entries({
  [Aws.PARTITION]: '<AWS::Partition>',
  [Aws.REGION]: '<AWS::Region>',
  [Aws.ACCOUNT_ID]: '<AWS::AccountId>',
});

/** A reference within a stack: to resolve it for the template takes several times as long. */
function reference(stack: Stack, token: IResolvable): string | undefined {
  if (!Reference.isReference(token) || !CfnElement.isCfnElement(token.target)) return undefined;
  if (token.target.stack !== stack) return undefined;
  const id = String(stack.resolve(token.target.logicalId));
  return token.displayName === 'Ref' ? `<${id}>` : `<${id}.${token.displayName}>`;
}

function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref: ref, 'Fn::GetAtt': att, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof ref === 'string') return `<${ref}>`;
  if (Array.isArray(att)) return `<${att.join('.')}>`;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(flatten).join(String(join[0]));
  return JSON.stringify(value);
}
