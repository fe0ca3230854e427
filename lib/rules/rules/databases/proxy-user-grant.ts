import { isOpen } from '../../../core/iam/access-names';
import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { at, eachBranch, isUnknown, toText } from '../../../core/model/select';
import { type ConnectGrant, CONNECT, databasesBehind, grantsOn, resourceIdOf } from '../../lookups/databases';
import { judgeRole } from '../../lookups/role-judgements';
import { each, type Judgement, type Rule, undecided } from '../../rule';

/** A proxy may log in as those who may come to it. */
export const proxyUserGrant: Rule = {
  id: 'ProxyUserGrant',
  severity: 'error',
  title: 'A database proxy with IAM from end to end may log in as the users that come to it',
  why: 'The proxy goes on to the database as the same user and by its own role: whoever may come to the proxy alone is refused behind it.',
  fix: 'allow the role of the proxy rds-db:connect on the user of the database: dbuser:<resource id of the cluster>/<user>',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-iam-setup.html',
  check: each(['AWS::RDS::DBProxy'], function* (proxy, { model }) {
    const grants = grantsOn(model, proxy);
    if (grants.length === 0) return;
    for (const { value } of eachBranch(at(proxy, 'DefaultAuthScheme'))) {
      if (isUnknown(value)) yield undecided(proxy, 'DefaultAuthScheme', value);
      else if (toText(value) === 'IAM_AUTH') yield* judge(model, proxy, grants);
    }
  }),
};

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
      yield* judgeRole(
        model,
        {
          runner: proxy,
          role: 'RoleArn',
          actions: [CONNECT],
          on: [grant.arn.replace(`:dbuser:${grant.id}/`, `:dbuser:${id}/`)],
          place,
        },
        (missing, role) =>
          `takes in '${user}', as whom its role ${displayName(role)} may not log in to ${displayName(database)} (${missing})`,
      );
    }
  }
}
