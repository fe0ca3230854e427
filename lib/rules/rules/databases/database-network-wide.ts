import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { named } from '../../../core/model/references';
import { at, eachBranch, inWords, isUnknown, items, toNumber, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { DATABASES, groupsOf } from '../../lookups/databases';
import { each, type Judgement, type Rule, undecided } from '../../rule';

export const databaseNetworkWide: Rule = {
  id: 'DatabaseNetworkWide',
  severity: 'warning',
  title: 'A database and its proxy admit security groups on one port, and no networks',
  why: 'Otherwise anything that runs in the network, now or later, can try to log in.',
  fix: 'allow the client’s security group instead of the network, on the database’s port',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.RDSSecurityGroups.html',
  check: each(['AWS::RDS::DBProxy', ...DATABASES], function* (database, { model }) {
    for (const group of groupsOf(model, database)) {
      for (const [index, ingress] of items(at(group, 'SecurityGroupIngress')).entries()) {
        yield* judge(database, group, ingress, `SecurityGroupIngress.${index}`);
      }
      for (const rule of rulesOf(model, group)) yield* judge(database, rule, rule.properties, '');
    }
  }),
};

function rulesOf(model: Model, group: Resource): readonly Resource[] {
  return model
    .ofType('AWS::EC2::SecurityGroupIngress')
    .filter((rule) => named(model, at(rule, 'GroupId')).includes(group));
}

function* judge(database: Resource, holder: Resource, ingress: Value, place: string): Iterable<Judgement> {
  const who = displayName(database);
  for (const name of ['CidrIp', 'CidrIpv6']) {
    const property = [place, name].filter(Boolean).join('.');
    for (const { value, when } of eachBranch(at(ingress, name))) {
      // Another rule reports the internet; a single address is fine.
      if (value === undefined || /\/(0|32|128)$/.test(toText(value) ?? '')) continue;
      if (isUnknown(value)) {
        yield undecided(holder, property, value);
        continue;
      }
      const network = toText(value) ?? 'a network';
      yield {
        resource: holder,
        property,
        message: `lets all of ${network} in to ${who}${inWords(when)}`,
        detail: `${property} ${who}`,
      };
    }
  }
  if (at(ingress, 'SourceSecurityGroupId') === undefined) return;
  const [protocol, from, to] = ['IpProtocol', 'FromPort', 'ToPort'].map((name) => at(ingress, name));
  const wide = toText(protocol) === '-1' || (toNumber(from) !== undefined && toNumber(to) !== toNumber(from));
  if (!wide || (toText(protocol) !== '-1' && toNumber(to) === undefined)) return;
  const property = [place, 'FromPort'].filter(Boolean).join('.');
  yield {
    resource: holder,
    property,
    message: `lets a group in to every port of ${who}`,
    detail: `${property} ${who}`,
  };
}
