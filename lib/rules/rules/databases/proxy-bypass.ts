import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { referencesIn } from '../../../core/model/references';
import { at, eachBranch, entries, isUnknown, items } from '../../../core/model/select';
import {
  DATABASES,
  deployingFunctions,
  grantsOfRole,
  grantsOn,
  groupKeysOf,
  groupsOf,
  keysOf,
  proxiesBefore,
  widerGrantsOn,
} from '../../lookups/databases';
import { rolesOf } from '../../lookups/roles';
import { each, type Judgement, type Rule, undecided } from '../../rule';

export const proxyBypass: Rule = {
  id: 'ProxyBypass',
  severity: 'warning',
  title: 'Functions connect to a database behind a proxy only through the proxy',
  why: 'Each environment of a function that connects directly holds a connection, at the expense of those that share the pool.',
  fix: 'let the function in to the proxy, and give it the proxy’s endpoint; only what runs at deployment may connect directly',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html',
  check: each(DATABASES, function* (database, { model }) {
    const proxies = proxiesBefore(model, database);
    if (proxies.length === 0) return;
    yield* byNetwork(model, database, proxies);
    yield* byEndpoint(model, database, proxies);
    yield* byPolicy(model, database, proxies);
  }),
};

function* byNetwork(model: Model, database: Resource, proxies: readonly Resource[]): Iterable<Judgement> {
  const own = groupKeysOf(model, database);
  const ofProxies = new Set(proxies.flatMap((proxy) => groupKeysOf(model, proxy)));
  const functions = direct(model).filter((fn) => at(fn, 'VpcConfig') !== undefined);
  const inGroups = groupsOf(model, database).flatMap((group) => items(at(group, 'SecurityGroupIngress')));
  const beside = model.ofType('AWS::EC2::SecurityGroupIngress');
  const ofOwn = beside.filter((rule) => keysOf(model, at(rule, 'GroupId')).some((key) => own.includes(key)));
  const sources = [...inGroups, ...ofOwn.map((rule) => rule.properties)].map((rule) => at(rule, SOURCE));
  const admitted = new Set(sources.flatMap((source) => keysOf(model, source)));
  const open = sources.flatMap(eachBranch).find(({ value }) => isUnknown(value));
  if (open?.value !== undefined && functions.length > 0) yield undecided(database, 'VpcSecurityGroupIds', open.value);
  for (const fn of functions) {
    const groups = groupKeysOf(model, fn).filter((key) => !ofProxies.has(key));
    if (groups.some((key) => admitted.has(key))) {
      yield {
        resource: database,
        property: 'VpcSecurityGroupIds',
        message: `lets ${displayName(fn)} in around its proxy ${displayName(proxies[0]!)}`,
        detail: `network ${displayName(fn)}`,
      };
      continue;
    }
    const unknown = items(at(fn, GROUPS))
      .flatMap(eachBranch)
      .find(({ value }) => isUnknown(value));
    if (unknown?.value !== undefined) yield undecided(fn, GROUPS, unknown.value);
    // A rule for a group known only at deployment may be for the database's group.
    const somewhere = beside.find(
      (rule) => isUnknown(at(rule, 'GroupId')) && keysOf(model, at(rule, SOURCE)).some((key) => groups.includes(key)),
    );
    if (somewhere) yield undecided(somewhere, 'GroupId', at(somewhere, 'GroupId')!);
  }
}

/** A function with the database's own endpoint is meant to connect there, however it is admitted. */
function* byEndpoint(model: Model, database: Resource, proxies: readonly Resource[]): Iterable<Judgement> {
  for (const fn of direct(model)) {
    const known = entries(at(fn, VARIABLES)).find(([, value]) =>
      referencesIn(value).some(
        ({ target, attribute = '' }) => target === database.id && /^(Read)?Endpoint(\.Address)?$/.test(attribute),
      ),
    );
    if (known === undefined) continue;
    yield {
      resource: fn,
      property: `${VARIABLES}.${known[0]}`,
      message: `is given the endpoint of ${displayName(database)}, around its proxy ${displayName(proxies[0]!)}`,
      detail: `endpoint ${displayName(database)}`,
    };
  }
}

function* byPolicy(model: Model, database: Resource, proxies: readonly Resource[]): Iterable<Judgement> {
  const ofProxies = new Set(proxies.flatMap((proxy) => rolesOf(model, proxy, 'RoleArn')));
  const grants = [...grantsOn(model, database), ...widerGrantsOn(model, database)];
  if (grants.length === 0) return;
  for (const fn of direct(model)) {
    const roles = rolesOf(model, fn, 'Role').filter((role) => !ofProxies.has(role));
    const [grant] = roles.flatMap((role) => grantsOfRole(model, role, grants));
    if (grant === undefined) continue;
    yield {
      resource: grant.placed.holder,
      property: grant.placed.property,
      message: `lets ${displayName(fn)} log in to ${displayName(database)} around its proxy, as ${grant.user === '*' ? 'any user' : `'${grant.user}'`}`,
      detail: `policy ${displayName(fn)} ${grant.user}`,
    };
  }
}

const VARIABLES = 'Environment.Variables';
const SOURCE = 'SourceSecurityGroupId';
const GROUPS = 'VpcConfig.SecurityGroupIds';

/** Functions that may run other than at deployment. */
function direct(model: Model): readonly Resource[] {
  const deploying = deployingFunctions(model);
  return model.ofType('AWS::Lambda::Function').filter((fn) => !deploying.has(fn));
}
