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
 * say nothing.
 * @param owner refuses
 * @param prop names the groups that may have been imported
 * @throws PatternError where a side has no group that takes a rule
 */
export function openWay({ from, to, port, description }: Way, owner: IConstruct, prop: string): void {
  const leaving = from.connections.securityGroups;
  const entering = to.connections.securityGroups;
  // A rule between two stacks stands by the side of whoever asks for it.
  const rules = () => made([...entering, ...leaving], ec2.CfnSecurityGroupIngress.isCfnSecurityGroupIngress);
  const before = rules();
  from.connections.allowTo(to, ec2.Port.tcp(port), description);
  const opened = rules() > before || made(entering, ec2.CfnSecurityGroupIngress.isCfnSecurityGroupIngress) > 0;
  const out =
    leaving.some(({ allowAllOutbound }) => allowAllOutbound) ||
    made(leaving, ec2.CfnSecurityGroupEgress.isCfnSecurityGroupEgress) > 0;
  check(owner, [
    row(prop, entering, opened, `lets anybody in on port ${port}`),
    row(prop, leaving, out, `lets anything out to port ${port}`),
  ]);
}

type Groups = readonly ec2.ISecurityGroup[];

function made(groups: Groups, is: (construct: IConstruct) => boolean): number {
  return groups.flatMap((group) => group.node.findAll()).filter(is).length;
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
