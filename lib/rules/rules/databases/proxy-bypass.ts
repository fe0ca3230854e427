import { displayName } from '../../../core/model/display';
import { ModelAccess } from '../../../core/iam/model-access';
import type { Model, Resource } from '../../../core/model/model';
import { named } from '../../../core/model/references';
import { at, eachBranch, isUnknown, items } from '../../../core/model/select';
import { DATABASES, deployingFunctions, grantsOn, groupsOf, proxiesBefore } from '../../lookups/databases';
import { rolesOf } from '../../lookups/roles';
import { each, type Judgement, type Rule, undecided } from '../../rule';

/** Functions come to a database by its proxy. */
export const proxyBypass: Rule = {
  id: 'ProxyBypass',
  severity: 'warning',
  title: 'Functions come to a database that has a proxy by the proxy alone',
  why: 'Each environment of a function that comes directly holds a connection, and takes it from those that share them.',
  fix: 'let the function in to the proxy, and give it the proxy’s endpoint; what runs at deployment alone may come directly',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html',
  check: each(DATABASES, function* (database, { model }) {
    const proxies = proxiesBefore(model, database);
    if (proxies.length === 0) return;
    yield* byNetwork(model, database, proxies);
    yield* byPolicy(model, database, proxies);
  }),
};

function* byNetwork(model: Model, database: Resource, proxies: readonly Resource[]): Iterable<Judgement> {
  const own = groupsOf(model, database);
  const ofProxies = new Set(proxies.flatMap((proxy) => groupsOf(model, proxy)));
  const rules = [
    ...own.flatMap((group) => items(at(group, 'SecurityGroupIngress'))),
    ...model
      .ofType('AWS::EC2::SecurityGroupIngress')
      .filter((rule) => named(model, at(rule, 'GroupId')).some((group) => own.includes(group)))
      .map((rule) => rule.properties),
  ];
  const sources = rules.map((rule) => at(rule, 'SourceSecurityGroupId'));
  const admitted = new Set(sources.flatMap((source) => named(model, source)));
  const open = sources.flatMap(eachBranch).find(({ value }) => isUnknown(value));
  if (open?.value !== undefined && direct(model).some((fn) => at(fn, 'VpcConfig') !== undefined)) {
    yield undecided(database, 'VpcSecurityGroupIds', open.value);
  }
  for (const fn of direct(model)) {
    const way = groupsOf(model, fn).find((group) => admitted.has(group) && !ofProxies.has(group));
    if (way === undefined) {
      const unknown = items(at(fn, GROUPS))
        .flatMap(eachBranch)
        .find(({ value }) => isUnknown(value));
      if (unknown?.value !== undefined) yield undecided(fn, GROUPS, unknown.value);
      continue;
    }
    yield {
      resource: database,
      property: 'VpcSecurityGroupIds',
      message: `lets ${displayName(fn)} in beside its proxy ${displayName(proxies[0]!)}`,
      detail: `network ${displayName(fn)}`,
    };
  }
}

function* byPolicy(model: Model, database: Resource, proxies: readonly Resource[]): Iterable<Judgement> {
  const ofProxies = new Set(proxies.flatMap((proxy) => rolesOf(model, proxy, 'RoleArn')));
  const grants = grantsOn(model, database);
  if (grants.length === 0) return;
  const identities = ModelAccess.of(model).identities;
  for (const fn of direct(model)) {
    const roles = rolesOf(model, fn, 'Role').filter((role) => !ofProxies.has(role));
    const own = identities.filter(({ resource }) => resource !== undefined && roles.includes(resource));
    const placed = own.flatMap(({ policies }) => policies.flatMap(({ holder }) => holder.id));
    const grant = grants.find((one) => placed.includes(one.placed.holder.id));
    if (grant === undefined) continue;
    yield {
      resource: grant.placed.holder,
      property: grant.placed.property,
      message: `lets ${displayName(fn)} log in to ${displayName(database)} beside its proxy, as '${grant.user}'`,
      detail: `policy ${displayName(fn)} ${grant.user}`,
    };
  }
}

const GROUPS = 'VpcConfig.SecurityGroupIds';

/** Functions that nobody knows to run at deployment alone. */
function direct(model: Model): readonly Resource[] {
  const deploying = deployingFunctions(model);
  return model.ofType('AWS::Lambda::Function').filter((fn) => !deploying.has(fn));
}
