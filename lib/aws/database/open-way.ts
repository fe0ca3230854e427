import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { type Check, check } from '../../core/check/check';

/** Who is to reach whom, on which port. */
export interface Way {
  readonly from: ec2.IConnectable;
  readonly to: ec2.IConnectable;
  readonly port: number;
  /** Of the rules, for whoever reads them. */
  readonly description: string;
}

/**
 * Opens a way by the security groups of both sides, and sees that it is open: groups that were imported as unchangeable take no rule, and
 * say nothing. A rule between two stacks stands in that of whoever asks for it.
 * @param owner refuses
 * @param prop names the groups that may have been imported
 * @throws PatternError where a side has no group that takes a rule
 */
export function openWay({ from, to, port: number, description }: Way, owner: IConstruct, prop: string): void {
  const leaving = from.connections.securityGroups;
  const entering = to.connections.securityGroups;
  const port = ec2.Port.tcp(number);
  for (const group of leaving) {
    for (const other of entering) {
      other.addIngressRule(group, port, description, true);
      // CDK warns of a rule for what is open anyway.
      if (!group.allowAllOutbound) group.addEgressRule(other, port, description);
    }
  }
  const letsIn = made([...entering, ...leaving], ec2.CfnSecurityGroupIngress.isCfnSecurityGroupIngress);
  const letsOut =
    leaving.some(({ allowAllOutbound }) => allowAllOutbound) ||
    made(leaving, ec2.CfnSecurityGroupEgress.isCfnSecurityGroupEgress);
  check(owner, [
    row(prop, entering, letsIn, `lets anybody in on port ${number}`),
    row(prop, leaving, letsOut, `lets anything out to port ${number}`),
  ]);
}

type Groups = readonly ec2.ISecurityGroup[];

function made(groups: Groups, is: (construct: IConstruct) => boolean): boolean {
  return groups.flatMap((group) => group.node.findAll()).some(is);
}

function row(prop: string, groups: Groups, valid: boolean, what: string): Check {
  return {
    prop,
    value: groups.map(({ node }) => node.path).join(', '),
    valid: () => valid,
    rule: `must have a security group that takes rules: no rule of it ${what}`,
    remedy: "import its groups without 'mutable: false'",
  };
}
