import type { Resource } from '../../../core/model/model';
import { at, items, toNumber, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { each, type Judgement, type Rule } from '../../rule';

/** What the world may call: a web server. */
const WEB = [80, 443];

/** A security group lets the internet in to a web server only. */
export const securityGroupOpen: Rule = {
  id: 'SecurityGroupOpen',
  severity: 'error',
  title: 'No security group lets the internet in, but to HTTP and HTTPS',
  why: 'Whatever listens there, a database or a shell, is tried by everybody within minutes.',
  fix: 'name the security group or the network that may call, in place of 0.0.0.0/0 and ::/0',
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
  const world = ['CidrIp', 'CidrIpv6'].find((name) => ['0.0.0.0/0', '::/0'].includes(toText(at(ingress, name)) ?? ''));
  if (world === undefined) return;
  const property = `${place}${world}`;
  const [from, to] = [at(ingress, 'FromPort'), at(ingress, 'ToPort')];
  const protocol = toText(at(ingress, 'IpProtocol'));
  if (protocol === 'icmp' || protocol === 'icmpv6' || protocol === '1' || protocol === '58') return;
  const all = protocol === '-1' || from === undefined;
  const ports = [toNumber(from), toNumber(to ?? from)];
  if (!all && ports.some((port) => port === undefined)) {
    yield { resource, property, reason: 'its ports are known only at deployment' };
  } else if (all || ports[0] !== ports[1] || !WEB.includes(ports[0]!)) {
    const shown = all ? 'every port' : ports[0] === ports[1] ? `port ${ports[0]}` : `ports ${ports.join(' to ')}`;
    yield { resource, property, message: `lets everybody in to ${shown}`, detail: shown };
  }
}
