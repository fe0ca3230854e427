import type { Deployed, Deployment } from '../../../kernel/deployment';
import { recordOf, text, texts } from '../../../kernel/json';
import { covers, type Rules, rulesOf } from './rules';

/** Something with an address in a VPC. */
export interface Place {
  /** For messages: a construct path. */
  readonly name: string;
  /** The ids of its security groups. */
  readonly groups: readonly string[];
  /** The ids of its subnets; empty outside a VPC. */
  readonly subnets: readonly string[];
  /** Whether it is publicly accessible. */
  readonly public?: boolean;
}

/** The verdict on a network path: open or closed, and what could not be judged. */
export interface Way {
  /** Why traffic is blocked; undefined if it is not. */
  readonly closed?: string;
  /** What was assumed open because it is in no template. */
  readonly unjudged?: string;
}

/** Network paths between functions, proxies and databases, from the templates' security groups and subnets. */
export class Network {
  /** @param deployment everything that would be deployed */
  constructor(private readonly deployment: Deployment) {}

  /** The place of a function. */
  ofFunction({ properties, displayName: name }: Deployed): Place {
    const { SecurityGroupIds, SubnetIds } = recordOf(properties.VpcConfig);
    return { name, groups: texts(SecurityGroupIds), subnets: texts(SubnetIds) };
  }

  /** The subnets of a subnet group. */
  subnetsOf(group: string | undefined): readonly string[] {
    return texts(this.deployment.withRef(group, 'AWS::RDS::DBSubnetGroup')?.properties.SubnetIds);
  }

  /** Whether TCP from one place reaches a port of another. */
  way(from: Place, to: Place, port: number): Way {
    const aim = `'${to.name}'`;
    if (from.subnets.length === 0) {
      if (to.public !== true)
        return { closed: `'${from.name}' is in no VPC, and ${aim} has no address outside its own` };
      return this.enters({ groups: [], cidrs: ['0.0.0.0/0'] }, from, to, port);
    }
    const [own, other] = [this.vpcOf(from), this.vpcOf(to)];
    if (own !== undefined && other !== undefined && own !== other && to.public !== true) {
      return { closed: `'${from.name}' is in the VPC ${own}, and ${aim} in ${other}` };
    }
    const leaves = this.leaves(from, to, port);
    return leaves.closed === undefined
      ? { ...leaves, ...this.enters({ groups: from.groups, cidrs: this.cidrsOf(from) }, from, to, port) }
      : leaves;
  }

  private leaves(from: Place, to: Place, port: number): Way {
    const other = { groups: to.groups, cidrs: this.cidrsOf(to) };
    const rules = from.groups.map((group) => rulesOf(group, this.deployment));
    if (rules.some(({ egress }) => egress.some((rule) => covers(rule, port, other)))) return {};
    return this.unless(
      rules,
      from,
      `no rule of the security groups of '${from.name}' lets it send to port ${port} of '${to.name}'`,
    );
  }

  private enters(other: Parameters<typeof covers>[2], from: Place, to: Place, port: number): Way {
    const rules = to.groups.map((group) => rulesOf(group, this.deployment));
    if (rules.some(({ ingress }) => ingress.some((rule) => covers(rule, port, other)))) return {};
    return this.unless(
      rules,
      to,
      `no rule of the security groups of '${to.name}' lets '${from.name}' in on port ${port}`,
    );
  }

  /** Closed, but only if all rules are known. */
  private unless(rules: readonly Rules[], { name }: Place, closed: string): Way {
    if (rules.every(({ whole }) => whole)) return { closed };
    return { unjudged: `the rules of a security group of '${name}' are in no template: they are taken to be open` };
  }

  private vpcOf({ subnets }: Place): string | undefined {
    for (const id of subnets) {
      const vpc = text(this.subnet(id)?.properties.VpcId);
      if (vpc !== undefined) return vpc;
    }
    return undefined;
  }

  private cidrsOf({ subnets }: Place): readonly string[] {
    return subnets.map((id) => text(this.subnet(id)?.properties.CidrBlock)).filter((cidr) => cidr !== undefined);
  }

  private subnet(id: string): Deployed | undefined {
    return this.deployment.withRef(id, 'AWS::EC2::Subnet');
  }
}
