import type { Statement } from '../../../core/iam/policy';
import { isOpen } from '../../../core/iam/access-names';
import { overlaps } from '../../../core/iam/coverage';
import { ModelAccess } from '../../../core/iam/model-access';
import { entriesOf } from '../../../core/iam/principal-match';
import { ROLE_USES, rolesOf, type RoleUse } from '../../../core/iam/role-uses';
import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import type { Assumptions } from '../../../core/model/select';
import { namesAction } from '../../lookups/statements';
import type { Judgement, Rule } from '../../rule';

export const roleTrust: Rule = {
  id: 'RoleTrust',
  severity: 'error',
  title: 'A role trusts the service that works with it',
  why: 'The service cannot assume the role otherwise: the deployment fails, or every call does.',
  fix: 'allow the service sts:AssumeRole in AssumeRolePolicyDocument, or use another role',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html',
  *check({ model }) {
    for (const resource of model.resources.values()) {
      const use = ROLE_USES[resource.type];
      // An identity pool is trusted as a provider, with conditions of its own.
      if (use && use.kind !== 'identity pool') yield* judge(model, resource, use);
    }
  },
};

function* judge(model: Model, resource: Resource, { service, paths = ['RoleARN'] }: RoleUse): Iterable<Judgement> {
  const access = ModelAccess.of(model);
  const named = rolesOf(resource).flatMap((value) => access.named(value, resource.template, 'AWS::IAM::Role'));
  const property = paths[0]!.replace(/\.\*.*$/, '');
  for (const role of new Set(named)) {
    const statements = access.statementsAbout(role).filter(({ policy }) => policy.role === 'trust');
    const admitting = statements.map(({ statement }) => statement && admits(statement, service));
    const place = { resource, property, detail: displayName(role) };
    if (statements.some(({ statement, when }) => isAlways(when) && statement && bars(statement, service))) {
      yield { ...place, message: `works with ${displayName(role)}, which denies ${service} to assume it` };
      continue;
    }
    if (statements.length === 0 || admitting.includes(true)) continue;
    const open = statements[admitting.indexOf(undefined)];
    if (open)
      yield {
        ...place,
        reason: `whether ${displayName(role)} trusts ${service} cannot be read: ${open.problem ?? 'whom it names is known only at deployment'}`,
      };
    else yield { ...place, message: `works with ${displayName(role)}, which does not trust ${service}` };
  }
}

/** Whether a statement lets a service assume a role, under whatever condition; undefined where only the deployment tells. */
function admits(statement: Statement, service: string): boolean | undefined {
  const { Effect, Principal = '*', NotPrincipal } = statement;
  if (Effect !== 'Allow' || !namesAction(statement, 'sts:AssumeRole')) return false;
  if (NotPrincipal !== undefined) return true;
  const admitted = entriesOf(Principal).map(([type, name]) => {
    if (name === '*') return true;
    if (type !== 'Service' && typeof Principal !== 'string') return false;
    if (isSame(name, service)) return true;
    return isOpen(name) && overlaps(name.replace(/<[^<>]*>/g, '*'), service) ? undefined : false;
  });
  return admitted.includes(true) || (admitted.includes(undefined) ? undefined : false);
}

/** Whether a statement denies a service the role under no condition. */
function bars(statement: Statement, service: string): boolean {
  const { Effect, Principal = '*', NotPrincipal, Condition } = statement;
  if (Effect !== 'Deny' || Condition !== undefined || !namesAction(statement, 'sts:AssumeRole')) return false;
  const named = entriesOf(NotPrincipal ?? Principal).map(([type, name]) => {
    return (
      name === '*' || (type === 'Service' && (isSame(name, service) || (NotPrincipal !== undefined && isOpen(name))))
    );
  });
  return named.includes(true) !== (NotPrincipal !== undefined);
}

function isAlways(when: Assumptions): boolean {
  return Object.keys(when).length === 0;
}

/** The same service in another partition or region: `states.eu-west-1.amazonaws.com`. */
function isSame(name: string, service: string): boolean {
  if (name === service) return true;
  const [first] = service.split('.');
  return new RegExp(`^${first}\\.(?:(?:[a-z0-9-]+|<[^<>]*>)\\.)?(?:amazonaws\\.com|<[^<>]*>$)`).test(name);
}
