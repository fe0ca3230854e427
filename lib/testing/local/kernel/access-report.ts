import { evaluate } from '../../../access';
import { listOf } from '../../../core/iam/policy';
import type { Caller } from './caller';
import type { Session } from './callers';
import type { Deployed, Deployment } from './deployment';
import type { AccessJudge } from './judge';
import type { ServicePrincipal } from './service';
import type { Assuming } from './trust';
import type { LambdaFunction } from '../lambda/lambda-function';
import { text, texts } from './json';
import type { FunctionAccess, Grant, RoleAccess, RoleUse, UsedAccess } from '../report';

/** What Lambda itself does with a function's role: not the handler's access. */
const PLATFORM = /^(logs|xray):|^ec2:(Create|Describe|Delete|Assign|Unassign)/i;

/** What the report needs from a run. */
export interface PrincipalsContext {
  /** The roles that services act with. */
  readonly principals: readonly ServicePrincipal[];
  readonly deployment: Deployment;
  /** The role sessions that were started. */
  readonly sessions: readonly Session[];
  readonly access: AccessJudge;
  /** A role as a caller, or why it cannot be assumed. */
  assume(roleArn: string, assuming: Assuming): Caller | string;
}

/** What a function did with its access. */
export function accessOf({ deployed, caller, counts }: LambdaFunction, judge: AccessJudge): FunctionAccess {
  const platform = judge.usedForPlatform(caller);
  return {
    function: deployed.displayName,
    id: deployed.resource.id,
    ...useOf(text(deployed.properties.Role) ?? '', caller, judge.usedBy(caller), platform, judge),
    platform,
    invocations: counts,
  };
}

/**
 * What services did with their roles, and handlers with those they assumed; nothing for a role that they may not
 * assume.
 */
export function rolesOf(context: PrincipalsContext): readonly RoleAccess[] {
  return [...rolesOfServices(context), ...rolesOfSessions(context)];
}

function rolesOfSessions({ sessions, access }: PrincipalsContext): readonly RoleAccess[] {
  const byRole = new Map<Deployed, Session[]>();
  for (const one of sessions) byRole.set(one.role, [...(byRole.get(one.role) ?? []), one]);
  return [...byRole].map(([role, begun]) => {
    const used = begun.flatMap(({ caller }) => access.usedBy(caller));
    const denied = begun.flatMap(({ caller }) => access.refusedTo(caller));
    const assumedBy = [...new Set(begun.map(({ by }) => by.name))];
    return { name: role.displayName, assumedBy, ...useOf(role.arn, begun[0]!.caller, used, [], access), denied };
  });
}

function rolesOfServices(context: PrincipalsContext): readonly RoleAccess[] {
  const { deployment, access } = context;
  const byRole = new Map<string, ServicePrincipal[]>();
  for (const one of context.principals) byRole.set(one.role, [...(byRole.get(one.role) ?? []), one]);
  return [...byRole].flatMap(([role, principals]) => {
    const [first] = principals;
    const name = deployment.withArn(role, 'AWS::IAM::Role')?.displayName;
    const caller = first && context.assume(role, { service: first.service, acting: first.resource });
    if (name === undefined || caller === undefined || typeof caller === 'string') return [];
    const used = [...access.usedBy(caller), ...access.usedForPlatform(caller)];
    const assumedBy = [...new Set(principals.map(({ resource }) => resource.displayName))];
    return [{ name, assumedBy, ...useOf(role, caller, used, [], access) }];
  });
}

function useOf(
  role: string,
  caller: Caller,
  used: readonly UsedAccess[],
  platform: readonly UsedAccess[],
  judge: AccessJudge,
): RoleUse {
  const all = [...used, ...platform];
  return {
    role,
    used,
    unused: grantsOf(caller).filter((grant) => !all.some((use) => covers(grant, use))),
    denied: judge.refusedTo(caller),
  };
}

/** Each action on each resource that the policies of a caller allow. */
function grantsOf({ policies }: Caller): readonly Grant[] {
  if (policies === 'everything') return [];
  const statements = policies.identity.flatMap(({ Statement }) => listOf(Statement));
  const grants = statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource }) =>
      texts(Action)
        .filter((action) => !PLATFORM.test(action))
        .flatMap((action) => texts(Resource).map((resource) => ({ action, resource }))),
    );
  return [...new Map(grants.map((grant) => [JSON.stringify(grant), grant])).values()];
}

function covers(grant: Grant, { action, resource }: UsedAccess): boolean {
  const statement = { Effect: 'Allow', Action: grant.action, Resource: grant.resource } as const;
  return (
    evaluate({ action, resource, context: {} }, { identity: [{ Version: '2012-10-17', Statement: statement }] })
      .verdict === 'allowed'
  );
}
