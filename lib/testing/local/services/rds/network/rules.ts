import type { Deployed, Deployment } from '../../../kernel/deployment';
import { number, records, text } from '../../../kernel/json';

/** One rule of a security group: who may send to it, or to whom it may send. */
export interface Rule {
  /** `tcp`, `-1` for everything. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** A security group on the other side. */
  readonly group?: string;
  /** Addresses on the other side. */
  readonly cidr?: string;
}

/** The rules of a security group of the templates. */
export interface Rules {
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
  /** Whether they are all there: a group that is in no template may have others. */
  readonly whole: boolean;
}

/** What a security group sends to where its template says nothing: to everywhere. */
const EVERYWHERE: Rule = { protocol: '-1', from: 0, to: 65_535, cidr: '0.0.0.0/0' };

/** The rules of a security group, those beside it included. */
export function rulesOf(group: string, deployment: Deployment): Rules {
  const found = deployment.withRef(group, 'AWS::EC2::SecurityGroup');
  const beside = (type: string) =>
    deployment.ofType(type).filter(({ properties }) => text(properties.GroupId) === group);
  const ingress = [...inline(found, 'SecurityGroupIngress'), ...beside('AWS::EC2::SecurityGroupIngress').map(ruleOf)];
  const egress = [...inline(found, 'SecurityGroupEgress'), ...beside('AWS::EC2::SecurityGroupEgress').map(ruleOf)];
  const open = found !== undefined && inline(found, 'SecurityGroupEgress').length === 0;
  return { ingress, egress: open ? [EVERYWHERE, ...egress] : egress, whole: found !== undefined };
}

function inline(group: Deployed | undefined, property: string): readonly Rule[] {
  return records(group?.properties[property]).map((properties) => ruleOf({ properties }));
}

function ruleOf({ properties }: Pick<Deployed, 'properties'>): Rule {
  const protocol = text(properties.IpProtocol) ?? '-1';
  const group = text(properties.SourceSecurityGroupId) ?? text(properties.DestinationSecurityGroupId);
  const cidr = text(properties.CidrIp);
  return {
    protocol: protocol === '6' ? 'tcp' : protocol,
    from: number(properties.FromPort) ?? 0,
    to: number(properties.ToPort) ?? 65_535,
    ...(group !== undefined && { group }),
    ...(cidr !== undefined && { cidr }),
  };
}

/** Whether a rule is about TCP on a port and about one of the groups or addresses of the other side. */
export function covers(
  rule: Rule,
  port: number,
  other: { readonly groups: readonly string[]; readonly cidrs: readonly string[] },
): boolean {
  if (!['tcp', '-1', 'all'].includes(rule.protocol)) return false;
  if (rule.protocol === 'tcp' && (port < rule.from || port > rule.to)) return false;
  if (rule.group !== undefined) return other.groups.includes(rule.group);
  return rule.cidr !== undefined && other.cidrs.some((cidr) => contains(rule.cidr!, cidr));
}

/** Whether one range of addresses lies in another. */
export function contains(outer: string, inner: string): boolean {
  const [base, bits] = rangeOf(outer);
  const [address, more] = rangeOf(inner);
  if (Number.isNaN(base) || Number.isNaN(address) || more < bits) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(base / size) === Math.floor(address / size);
}

function rangeOf(cidr: string): readonly [address: number, bits: number] {
  const [, a, b, c, d, bits = '32'] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(cidr) ?? [];
  return [Number(a) * 2 ** 24 + Number(b) * 2 ** 16 + Number(c) * 2 ** 8 + Number(d), Number(bits)];
}
