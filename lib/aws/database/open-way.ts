import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { type Check, check } from '../../core/check/check';
import { isStandIn } from '../looked-up';

/** A connection to allow, from one construct to another on a port. */
export interface Way {
  readonly from: ec2.IConnectable;
  readonly to: ec2.IConnectable;
  readonly port: number;
  /** Description of the rules. */
  readonly description: string;
}

/**
 * Opens the security groups of both sides, and verifies that they are open: immutable imports silently take no rules.
 * A rule between two stacks belongs to the stack of the requesting side.
 * @param owner named in a refusal
 * @param prop names the possibly imported groups
 * @throws PatternError when one side has no group that takes rules
 */
export function openWay({ from, to, port: number, description }: Way, owner: IConstruct, prop: string): void {
  // A cluster that CDK has yet to look up has no groups until then.
  if (isStandIn(to)) return;
  const leaving = from.connections.securityGroups;
  const entering = to.connections.securityGroups;
  const port = ec2.Port.tcp(number);
  for (const group of leaving) {
    for (const other of entering) {
      other.addIngressRule(group, port, description, true);
      // CDK warns about a rule for what is already open.
      if (!group.allowAllOutbound) group.addEgressRule(other, port, description);
    }
  }
  const letsIn = made([...entering, ...leaving], ec2.CfnSecurityGroupIngress.isCfnSecurityGroupIngress);
  const letsOut =
    leaving.some(({ allowAllOutbound }) => allowAllOutbound) ||
    made(leaving, ec2.CfnSecurityGroupEgress.isCfnSecurityGroupEgress);
  check(owner, [
    row(prop, entering, letsIn, `admits anything on port ${number}`),
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
    rule: `must have a security group that takes rules: none of its rules ${what}`,
    remedy: "import its groups without 'mutable: false'",
  };
}
