import { CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { policiesInExcess } from '../../core/iam/policy-limits';
import { readTemplate } from '../../core/model/read-template';
import { placeOf } from './admission';
import type { AccessStatement } from './capability';
import { otherAccount } from './place';
import { isAdmitting, isOwn, type Target } from './target';

/** Roles admitted by each statement of a resource's policy, by the rest of the statement. */
const ADMITTED = new WeakMap<object, Map<string, string[]>>();

/**
 * Lets a function of another account use a resource, in the resource's policy. The statement names the account, and the
 * role in a condition: a policy that names a role as principal is refused before the role exists, and keeps a dead id once the
 * role is replaced. Roles of one account with the same permissions share a statement, since policies are small.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
export function admit(fn: IFunction, statement: AccessStatement): void {
  const target = statement.of?.();
  const role = fn.role?.roleArn;
  const { account } = placeOf(fn);
  if (target?.admit === undefined || role === undefined || !otherAccount(placeOf(fn), target.place)) return;
  if (isAdmitting(target.resource) || !isOwn(target.resource)) return;
  const { actions, conditions = {} } = statement;
  const resources = [...(target.ownArns ?? statement.resources)];
  const parts = [account, actions, resources, conditions, ...(target.admitsEach ? [role] : [])];
  const key = JSON.stringify(Stack.of(target.resource).resolve(parts));
  const roles = statementsOf(target).get(key) ?? [];
  if (!roles.includes(role)) roles.push(role);
  if (roles.length > 1 || statementsOf(target).has(key)) return;
  statementsOf(target).set(key, roles);
  const who = Lazy.uncachedAny({ produce: () => (roles.length > 1 ? roles : role) });
  target.admit(
    new PolicyStatement({
      principals: [new AccountPrincipal(account)],
      actions: [...actions],
      resources,
      conditions: { ...conditions, ArnEquals: { ...conditions.ArnEquals, 'aws:PrincipalArn': who } },
    }),
    fn,
    key,
  );
}

function statementsOf({ resource }: Target): Map<string, string[]> {
  const known = ADMITTED.get(resource);
  if (known) return known;
  const made = new Map<string, string[]>();
  ADMITTED.set(resource, made);
  resource.node.addValidation({ validate: () => tooLarge(resource) });
  return made;
}

/** What the service would refuse in the policy, once all users of the resource are known. */
function tooLarge(resource: Target['resource']): string[] {
  const stack = Stack.of(resource);
  const definitions = resource.node
    .findAll()
    .filter((child) => CfnResource.isCfnResource(child))
    .map((child) => (stack.resolve((child as unknown as Definition)._toCloudFormation()) as Template).Resources);
  const template = { Resources: Object.assign({}, ...definitions) as object };
  return policiesInExcess(readTemplate(JSON.stringify(template)))
    .filter(({ certain }) => certain)
    .map(
      ({ message }) =>
        `the policy of ${resource.node.path} must admit fewer functions of other accounts: it ${message}; let one function per account act for the others, or put a queue, topic or bus of that account between them`,
    );
}

/** What every L1 has. */
interface Definition {
  _toCloudFormation(): object;
}

interface Template {
  readonly Resources: object;
}
