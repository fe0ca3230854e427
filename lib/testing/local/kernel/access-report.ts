import { evaluate, type Statement } from '../../../access';
import type { AccessJudge } from './judge';
import type { LambdaFunction } from '../lambda/lambda-function';
import { text, texts } from './json';
import type { FunctionAccess, Grant, UsedAccess } from '../report';

/** What Lambda itself does with a function's role: it is no access of the handler. */
const PLATFORM = /^(logs|xray):|^ec2:(Create|Describe|Delete|Assign|Unassign)/i;

/** What a function did with its access. */
export function accessOf(fn: LambdaFunction, judge: AccessJudge): FunctionAccess {
  const { deployed, caller } = fn;
  const used = judge.usedBy(caller);
  const platform = judge.usedForPlatform(caller);
  return {
    function: deployed.displayName,
    id: deployed.resource.id,
    role: text(deployed.properties.Role) ?? '',
    used,
    platform,
    unused: grantsOf(fn).filter((grant) => ![...used, ...platform].some((use) => covers(grant, use))),
    denied: judge.refusedTo(caller),
    invocations: fn.counts,
  };
}

/** Each action on each resource that the policies of a function's role allow. */
function grantsOf({ caller: { policies } }: LambdaFunction): readonly Grant[] {
  if (policies === 'everything') return [];
  const statements = policies.identity.flatMap(({ Statement }) => [Statement].flat() as Statement[]);
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
  return evaluate({ action, resource, context: {} }, { identity: [{ Statement: statement }] }).verdict === 'allowed';
}
