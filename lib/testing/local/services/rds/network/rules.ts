import type { Deployed, Deployment } from '../../../kernel/deployment';
import { number, records, text } from '../../../kernel/json';

/** One security group rule, ingress or egress. */
export interface Rule {
  /** `tcp`, `-1` for everything. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** The peer security group. */
  readonly group?: string;
  /** The peer address range. */
  readonly cidr?: string;
}

/** The known rules of a security group. */
export interface Rules {
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
  /** Whether they are complete: a group in no template may have others. */
  readonly whole: boolean;
}

/** The default egress rule of a security group: everywhere. */
const EVERYWHERE: Rule = { protocol: '-1', from: 0, to: 65_535, cidr: '0.0.0.0/0' };

/** The rules of a security group, including those declared as separate resources. */
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
    group,
    cidr,
  };
}

/** Whether a rule covers TCP on a port for any of the peer's groups or addresses. */
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

/** Whether one CIDR range contains another. */
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
