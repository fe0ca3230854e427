import { rds } from '../../../core/facts';
import { type DatabaseEngine, serverlessMost } from '../../../core/facts/rds';
import { ModelAccess } from '../../../core/iam/model-access';
import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { at, eachBranch, isUnknown, toNumber, toText } from '../../../core/model/select';
import { DATABASES, databasesOf, deployingFunctions, grantsOn, proxiesBefore } from '../../lookups/databases';
import { rolesOf } from '../../lookups/roles';
import { whyOpen } from '../../each-property';
import { each, type Judgement, type Rule, undecided } from '../../rule';

const RESERVED = 'ReservedConcurrentExecutions';
const SCALING = 'ServerlessV2ScalingConfiguration';
const PERCENT = 'ConnectionPoolConfigurationInfo.MaxConnectionsPercent';

export const connectionBudget: Rule = {
  id: 'ConnectionBudget',
  severity: 'warning',
  title: 'A database has enough connections for its proxies, and for functions that connect without one',
  why: 'When none is left, connections are refused, and that is when load is highest.',
  fix: 'lower the shares of the proxies or the reserved concurrency of the functions, or raise the maximum capacity',
  source: rds.serverlessConnections.source,
  check: each(DATABASES, function* (database, { model }) {
    yield* shares(model, database);
    if (proxiesBefore(model, database).length === 0) yield* direct(model, database);
  }),
};

function* shares(model: Model, database: Resource): Iterable<Judgement> {
  const groups = model
    .ofType('AWS::RDS::DBProxyTargetGroup')
    .filter((group) => databasesOf(model, group).includes(database));
  if (groups.length < 2) return;
  let sum = 0;
  for (const group of groups) {
    const values = eachBranch(at(group, PERCENT)).map(({ value }) => value);
    const open = values.find((value) => isUnknown(value));
    if (open !== undefined) {
      yield undecided(group, PERCENT, open);
      return;
    }
    sum += Math.max(...values.map((value) => toNumber(value) ?? rds.proxyMaxConnections.value.max));
  }
  if (sum <= 100) return;
  yield {
    resource: database,
    message: `has ${groups.length} proxies that together may use ${sum} % of its connections`,
    detail: 'shares',
  };
}

function* direct(model: Model, database: Resource): Iterable<Judgement> {
  const engine = ENGINES[toText(at(database, 'Engine')) ?? ''];
  const reserving = connectors(model, database).filter((fn) => at(fn, RESERVED) !== undefined);
  const [low, high] = ['MinCapacity', 'MaxCapacity'].map((name) => at(database, `${SCALING}.${name}`));
  if (engine === undefined || reserving.length === 0 || low === undefined || high === undefined) return;
  const [min, max] = [toNumber(low), toNumber(high)];
  if (min === undefined || max === undefined) {
    yield { resource: database, property: `${SCALING}.MaxCapacity`, reason: whyOpen(low, high) };
    return;
  }
  const open = reserving.find((fn) => toNumber(at(fn, RESERVED)) === undefined);
  if (open) {
    yield { resource: open, property: RESERVED, reason: whyOpen(at(open, RESERVED)) };
    return;
  }
  const most = serverlessMost(engine, min, max) - rds.reservedConnections.value[engine];
  const kept = reserving.map((fn) => ({ fn, reserved: toNumber(at(fn, RESERVED))! }));
  const sum = kept.reduce((total, { reserved }) => total + reserved, 0);
  if (sum <= most) return;
  const names = kept.map(({ fn, reserved }) => `${displayName(fn)} ${reserved}`).join(', ');
  yield {
    resource: database,
    property: `${SCALING}.MaxCapacity`,
    message: `has ${most} connections at ${max} ACU, but functions hold ${sum} (${names})`,
    remedy: 'put a proxy in front of it, lower the reserved concurrency, or raise the maximum capacity',
    detail: 'direct',
  };
}

const ENGINES: Readonly<Record<string, DatabaseEngine | undefined>> = {
  'aurora-postgresql': 'postgres',
  'aurora-mysql': 'mysql',
};

/** Functions whose role may log in to the database directly. */
function connectors(model: Model, database: Resource): readonly Resource[] {
  const holders = new Set(grantsOn(model, database).map(({ placed }) => placed.holder.id));
  if (holders.size === 0) return [];
  const deploying = deployingFunctions(model);
  const roles = ModelAccess.of(model)
    .identities.filter(({ policies }) => policies.some(({ holder }) => holders.has(holder.id)))
    .map(({ resource }) => resource?.id);
  return model
    .ofType('AWS::Lambda::Function')
    .filter((fn) => !deploying.has(fn) && rolesOf(model, fn, 'Role').some(({ id }) => roles.includes(id)));
}
