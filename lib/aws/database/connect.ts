import { Annotations, ArnFormat, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { check } from '../../core/check/check';
import { type AccessStatement, Capability } from '../access/capability';
import { otherAccount, otherRegion } from '../access/place';
import { openWay } from './open-way';

/** Where a function connects to, and as which user. */
export interface ConnectionProps {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** What the user needs to connect: to a proxy, or to a database itself. */
  readonly statements: readonly AccessStatement[];
  readonly region: string;
  readonly account: string;
  /** What admits the function. */
  readonly to: ec2.IConnectable;
  /** Without a proxy, so that the certificate is RDS's own. */
  readonly direct?: boolean;
  /**
   * Further variables, by suffix.
   * @default - none
   */
  readonly variables?: Readonly<Record<string, string>>;
  /** Further steps when a function connects. */
  readonly connect?: (fn: lambda.Function) => void;
}

/** What a function may do with a database: connect as one user, by IAM, on one port. */
export function connection(props: ConnectionProps): Capability {
  const { host, port, database, user, region, direct = false } = props;
  return new Capability({
    variables: {
      HOST: host,
      PORT: String(port),
      NAME: database,
      USER: user,
      REGION: region,
      ...(direct && { DIRECT: '1' }),
      ...props.variables,
    },
    statements: props.statements,
    connect: (fn) => {
      inNetwork(fn, props);
      openWay(
        { from: fn, to: props.to, port, description: `Connects to ${database} as ${user}` },
        fn,
        'securityGroups',
      );
      props.connect?.(fn);
    },
  });
}

/** What connecting as a user requires. */
export function connectTo(arn: string): AccessStatement {
  return { actions: ['rds-db:connect'], resources: [arn] };
}

/**
 * ARN by which IAM identifies a user of a proxy, a cluster or an instance.
 * @param resourceId `prx-...`, `cluster-...` or `db-...`
 */
export function userArn(scope: IConstruct, resourceId: string, user: string): string {
  return Stack.of(scope).formatArn({
    service: 'rds-db',
    resource: 'dbuser',
    resourceName: `${resourceId}/${user}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

function inNetwork(fn: lambda.Function, { to, region, account }: ConnectionProps): void {
  const own = Stack.of(fn);
  const place = { account, region };
  check(fn, [
    {
      prop: 'vpc',
      value: undefined,
      valid: () => fn.isBoundToVpc,
      rule: 'must be given to a function that connects to a database in a VPC',
      remedy: "set 'vpc' to the VPC of the database",
    },
    {
      prop: 'access',
      value: own.region,
      valid: () => !otherRegion(own, place),
      rule: `must be to a database in the function's region: this one is in ${region}, and security groups admit none of another region`,
      remedy: 'put the function in that region, or use HttpDatabase',
    },
    {
      prop: 'access',
      value: own.account,
      valid: () => !otherAccount(own, place),
      rule: `must be to a database in the function's account: this one is in account ${account}, and with IAM a database admits no other account`,
      remedy: 'put the function in that account, and invoke it: Access.function(fn).invoke()',
    },
  ]);
  const networks = [fn, to].map(networkOf);
  if (networks.includes(undefined) || networks[0] === networks[1]) return;
  Annotations.of(fn).addWarningV2(
    'lintel:OtherNetwork',
    'The function is in a different VPC from the database it connects to: that works if the two are peered, and otherwise fails at deployment',
  );
}

/** The VPC of a construct's security groups, if this app creates them. */
export function networkOf({ connections }: ec2.IConnectable): string | undefined {
  return connections.securityGroups
    .map(({ node }) => node.defaultChild)
    .find((group) => ec2.CfnSecurityGroup.isCfnSecurityGroup(group))?.vpcId;
}
