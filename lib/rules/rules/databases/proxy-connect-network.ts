import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { named } from '../../../core/model/references';
import { at, isUnknown, items, toNumber, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { rds } from '../../../core/facts';
import { groupsOf, type ProxyClient, proxyClients } from '../../lookups/databases';
import type { Judgement, Rule } from '../../rule';

export const proxyConnectNetwork: Rule = {
  id: 'ProxyConnectNetwork',
  severity: 'error',
  title: 'A function that is given the endpoint of a database proxy can reach it',
  why: 'The function waits for a connection until it times out, and nothing says why.',
  fix: 'put the function in the VPC, and let its security group in to the proxy’s on the engine’s port',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-network-prereqs.html',
  *check({ model }) {
    for (const client of proxyClients(model)) yield* judge(model, client);
  },
};

function* judge(model: Model, { fn, proxy, endpoint }: ProxyClient): Iterable<Judgement> {
  const property = 'VpcConfig.SecurityGroupIds';
  const place = { resource: fn, property, detail: displayName(proxy) };
  const config = at(fn, 'VpcConfig');
  if (config === undefined) {
    yield { ...place, message: `is given the endpoint of ${displayName(proxy)}, but is in no VPC` };
    return;
  }
  const own = groupsOf(model, fn);
  const admitting = [groupsOf(model, endpoint), groupsOf(model, proxy)].find((groups) => groups.length > 0) ?? [];
  if (own.length === 0 || admitting.length === 0) {
    const whose = displayName(own.length === 0 ? fn : proxy);
    yield { ...place, reason: `the security groups of ${whose} are not in the template` };
    return;
  }
  const port = PORTS[toText(at(proxy, 'EngineFamily')) ?? ''];
  const rules = admitting.flatMap((group) => ingressOf(model, group));
  const answers = rules.map((rule) => letsIn(model, rule, own, port));
  if (answers.includes(true)) return;
  if (answers.includes(undefined)) {
    yield { ...place, reason: `what ${displayName(proxy)} lets in is known only at deployment` };
  } else {
    yield { ...place, message: `is given the endpoint of ${displayName(proxy)}, which does not let it in${on(port)}` };
  }
}

const PORTS: Readonly<Record<string, number | undefined>> = {
  POSTGRESQL: rds.enginePort.value.postgres,
  MYSQL: rds.enginePort.value.mysql,
};

const on = (port: number | undefined) => (port === undefined ? '' : ` on port ${port}`);

function ingressOf(model: Model, group: Resource): readonly Value[] {
  const apart = model
    .ofType('AWS::EC2::SecurityGroupIngress')
    .filter((rule) => named(model, at(rule, 'GroupId')).includes(group) || isUnknown(at(rule, 'GroupId')));
  return [...items(at(group, 'SecurityGroupIngress')), ...apart.map((rule) => rule.properties)];
}

/** Whether a rule admits one of some groups on a port; undefined if that is unknown, as for a network. */
function letsIn(model: Model, rule: Value, own: readonly Resource[], port: number | undefined): boolean | undefined {
  const [source, from, to] = ['SourceSecurityGroupId', 'FromPort', 'ToPort'].map((name) => at(rule, name));
  if (source === undefined) return undefined;
  const groups = named(model, source);
  if (groups.length === 0) return undefined;
  if (!groups.some((group) => own.includes(group))) return false;
  if (port === undefined || toText(at(rule, 'IpProtocol')) === '-1') return true;
  const [first, last] = [toNumber(from), toNumber(to)];
  return first === undefined || last === undefined ? undefined : first <= port && port <= last;
}
