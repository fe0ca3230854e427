import { isOpen } from '../../../core/iam/access-names';
import { covers } from '../../../core/iam/coverage';
import { listOf } from '../../../core/iam/policy';
import { ModelAccess } from '../../../core/iam/model-access';
import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { at, eachBranch, items, toText } from '../../../core/model/select';
import { CONNECT, proxyClients, resourceIdOf } from '../../lookups/databases';
import { rolesOf } from '../../lookups/roles';
import { namesAction } from '../../lookups/statements';
import type { Judgement, Rule } from '../../rule';

export const proxyConnectPermission: Rule = {
  id: 'ProxyConnectPermission',
  severity: 'error',
  title: 'A function that is given the endpoint of a database proxy may connect to it',
  why: 'A proxy that asks for IAM refuses every other client, whatever its password is.',
  fix: 'allow the role of the function rds-db:connect on the user of the proxy (in CDK proxy.grantConnect(fn, user))',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-connecting.html',
  *check({ model }) {
    for (const { fn, proxy } of proxyClients(model)) {
      if (!asksForIam(proxy)) continue;
      yield* judge(model, fn, proxy);
    }
  },
};

function* judge(model: Model, fn: Resource, proxy: Resource): Iterable<Judgement> {
  const roles = rolesOf(model, fn, 'Role');
  const place = { resource: fn, property: 'Role' };
  if (roles.length === 0) {
    yield { ...place, reason: `the role of ${displayName(fn)} is not in the template` };
    return;
  }
  const id = resourceIdOf(model, proxy);
  for (const role of roles) {
    const statements =
      ModelAccess.of(model)
        .identity(role)
        ?.policies.flatMap((policy) => policy.statements) ?? [];
    const read = statements.flatMap(({ statement }) => statement ?? []);
    const ids = read
      .filter((statement) => statement.Effect === 'Allow' && namesAction(statement, CONNECT))
      .flatMap(({ Resource: arns = '*' }) => listOf(arns).map(idIn));
    if (id !== undefined && ids.some((pattern) => pattern === id || covers(pattern, id))) continue;
    if (read.length < statements.length || ids.some(isOpen)) {
      yield { ...place, reason: `a policy of ${displayName(role)} is known only at deployment` };
    } else {
      yield {
        ...place,
        message: `is given the endpoint of ${displayName(proxy)}, but its role lacks ${CONNECT} on it`,
        detail: displayName(proxy),
      };
    }
  }
}

/** The part of an ARN that identifies the proxy. */
function idIn(arn: string): string {
  return /:dbuser:([^/]+)\//.exec(arn)?.[1] ?? arn;
}

/** Whether clients log in to a proxy with IAM only. */
function asksForIam(proxy: Resource): boolean {
  const schemes = eachBranch(at(proxy, 'DefaultAuthScheme')).map(({ value }) => toText(value));
  const auths = items(at(proxy, 'Auth')).map((auth) => toText(at(auth, 'IAMAuth')));
  return auths.length > 0 ? auths.every((one) => one === 'REQUIRED') : schemes.includes('IAM_AUTH');
}
