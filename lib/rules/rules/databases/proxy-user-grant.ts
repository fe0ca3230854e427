import { isOpen } from '../../../core/iam/access-names';
import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { at, eachBranch, isUnknown, toText } from '../../../core/model/select';
import {
  type ConnectGrant,
  CONNECT,
  databasesBehind,
  grantsOfRole,
  grantsOn,
  proxyClients,
  resourceIdOf,
  widerGrantsOn,
} from '../../lookups/databases';
import { judgeRole } from '../../lookups/role-judgements';
import { rolesOf } from '../../lookups/roles';
import { each, type Judgement, type Rule, undecided } from '../../rule';

export const proxyUserGrant: Rule = {
  id: 'ProxyUserGrant',
  severity: 'error',
  title: 'A database proxy with end-to-end IAM may log in as its clients’ users',
  why: 'The proxy logs in to the database as the client’s user, but with its own role: without the permission the client is refused.',
  fix: 'allow the role of the proxy rds-db:connect on the user of the database: dbuser:<resource id of the cluster>/<user>',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-iam-setup.html',
  check: each(['AWS::RDS::DBProxy'], function* (proxy, { model }) {
    const grants = [...grantsOn(model, proxy), ...ofClients(model, proxy)];
    if (grants.length === 0) return;
    for (const { value } of eachBranch(at(proxy, 'DefaultAuthScheme'))) {
      if (isUnknown(value)) yield undecided(proxy, 'DefaultAuthScheme', value);
      else if (toText(value) === 'IAM_AUTH') yield* judge(model, proxy, grants);
    }
  }),
};

/** Permissions of its clients by pattern: a client that has the endpoint means this proxy. */
function ofClients(model: Model, proxy: Resource): readonly ConnectGrant[] {
  const wider = widerGrantsOn(model, proxy);
  if (wider.length === 0) return [];
  const roles = proxyClients(model)
    .filter((client) => client.proxy === proxy)
    .flatMap(({ fn }) => rolesOf(model, fn, 'Role'));
  return roles.flatMap((role) => grantsOfRole(model, role, wider));
}

function* judge(model: Model, proxy: Resource, grants: readonly ConnectGrant[]): Iterable<Judgement> {
  const users = new Map(grants.map((grant) => [grant.user, grant]));
  for (const database of databasesBehind(model, proxy)) {
    const id = resourceIdOf(model, database);
    if (id === undefined || isOpen(id)) continue;
    for (const [user, grant] of users) {
      if (isOpen(user)) {
        yield { resource: proxy, property: 'RoleArn', reason: 'the name of a user is known only at deployment' };
        continue;
      }
      const place = { resource: proxy, property: 'RoleArn', detail: user };
      if (/[*?]/.test(user)) {
        yield* judgeAnybody(model, proxy, database, place);
        continue;
      }
      yield* judgeRole(
        model,
        {
          runner: proxy,
          role: 'RoleArn',
          actions: [CONNECT],
          on: [grant.arn.replace(/:dbuser:[^/]+\//, `:dbuser:${id}/`)],
          place,
        },
        (missing, role) =>
          `accepts '${user}', but its role ${displayName(role)} may not log in to ${displayName(database)} as that user (${missing})`,
      );
    }
  }
}

/** For a pattern of users, the proxy must be able to log in as at least one. */
function* judgeAnybody(
  model: Model,
  proxy: Resource,
  database: Resource,
  place: { readonly resource: Resource; readonly property: string; readonly detail: string },
): Iterable<Judgement> {
  const grants = [...grantsOn(model, database), ...widerGrantsOn(model, database)];
  for (const role of rolesOf(model, proxy, 'RoleArn')) {
    if (grantsOfRole(model, role, grants).length > 0) continue;
    const message = `accepts any user, but its role ${displayName(role)} may not log in to ${displayName(database)} (${CONNECT})`;
    yield { ...place, message };
  }
}
