import { at, inWords, items, toNumber, together, toText } from '../../../core/model/select';
import type { Resource } from '../../../core/model/model';
import type { Value } from '../../../core/model/values';
import { whyOpen } from '../../each-property';
import { each, type Judgement, type Rule, undecided } from '../../rule';

/** Ports of a web server, which the internet may reach. */
const WEB = [80, 443];

/** Ports of VPN servers, whose clients come from anywhere: IPsec, OpenVPN, WireGuard. */
const VPN = [500, 4500, 1194, 51820];

/** Other protocols have no ports: a rule for one admits all of it, whatever ports it names. */
const WITH_PORTS = ['tcp', 'udp', '6', '17'];
const PINGS = ['icmp', 'icmpv6', '1', '58'];

export const securityGroupOpen: Rule = {
  id: 'SecurityGroupOpen',
  severity: 'error',
  title: 'No security group is open to the internet, except for HTTP, HTTPS and VPN clients',
  why: 'Whatever listens there, a database or a shell, is attacked within minutes.',
  fix: 'allow a security group or a narrower network instead of 0.0.0.0/0 and ::/0',
  source: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  check: each(['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress'], function* (resource) {
    if (resource.type === 'AWS::EC2::SecurityGroupIngress') {
      yield* judge(resource, resource.properties, '');
      return;
    }
    for (const [index, ingress] of items(at(resource, 'SecurityGroupIngress')).entries()) {
      yield* judge(resource, ingress, `SecurityGroupIngress.${index}.`);
    }
  }),
};

function* judge(resource: Resource, ingress: Value, place: string): Iterable<Judgement> {
  for (const name of ['CidrIp', 'CidrIpv6']) {
    const settings = together({
      network: at(ingress, name),
      protocol: at(ingress, 'IpProtocol'),
      from: at(ingress, 'FromPort'),
      to: at(ingress, 'ToPort'),
    });
    for (const { values, when } of settings) {
      if (values.network === undefined) continue;
      const property = `${place}${name}`;
      const network = toText(values.network);
      const who = network === undefined ? undefined : strangers(network);
      if (network !== undefined && who === undefined) continue;
      const what = letIn(values.protocol, values.from, values.to);
      if (what === undefined) continue;
      if (network === undefined) yield undecided(resource, property, values.network);
      else if ('reason' in what) yield { resource, property, reason: what.reason };
      else yield { resource, property, message: `lets ${who} in to ${what.ports}${inWords(when)}`, detail: what.ports };
    }
  }
}

/** The internet, or a network so wide that it amounts to it. */
function strangers(network: string): string | undefined {
  const [, address = '', length] = /^([^/]*)\/(\d+)$/.exec(network.trim()) ?? [];
  if (length === undefined) return undefined;
  if (Number(length) === 0) return 'the internet';
  const six = address.includes(':');
  // Private ranges are /8 or narrower, in IPv6 fc or fd.
  const wide = Number(length) < (six ? 16 : 8) && !/^f[cd]/i.test(address);
  return wide ? `all of ${network}` : undefined;
}

/** What a rule admits other than web traffic and pings. */
function letIn(
  protocolValue: Value | undefined,
  from: Value | undefined,
  to: Value | undefined,
): { ports: string } | { reason: string } | undefined {
  const protocol = toText(protocolValue);
  if (protocolValue !== undefined && protocol === undefined) return { reason: whyOpen(protocolValue) };
  if (protocol !== undefined && PINGS.includes(protocol.toLowerCase())) return undefined;
  if (protocol === undefined || !WITH_PORTS.includes(protocol.toLowerCase()) || from === undefined) {
    return { ports: 'every port' };
  }
  const [first, last] = [toNumber(from), toNumber(to ?? from)];
  if (first === undefined || last === undefined) return { reason: 'its ports are known only at deployment' };
  if (first !== last) return { ports: `ports ${first} to ${last}` };
  const served = protocol === 'udp' || protocol === '17' ? [...WEB, ...VPN] : WEB;
  return served.includes(first) ? undefined : { ports: `port ${first}` };
}
