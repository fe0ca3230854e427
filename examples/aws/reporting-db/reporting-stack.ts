import path from 'node:path';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { PooledDatabase, ServiceFunction } from 'lintel/aws';

/** What the stack may be told. */
export interface ReportingStackProps extends StackProps {
  /**
   * Share of its time in which a function that records a sale is in a transaction, in percent.
   * @default 10
   */
  readonly busy?: number;
}

/** Sales that many functions record, and a report of them. */
export class ReportingStack extends Stack {
  readonly sales: PooledDatabase;
  readonly record: ServiceFunction;
  readonly report: ServiceFunction;

  constructor(scope: Construct, id: string, { busy = 10, ...props }: ReportingStackProps = {}) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', {
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
      // By it CloudFormation is answered; it is free.
      gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
      flowLogs: { Rejected: { trafficType: ec2.FlowLogTrafficType.REJECT } },
    });
    this.sales = new PooledDatabase(this, 'Sales', {
      vpc,
      engine: 'postgres',
      capacity: { min: 1, max: 1 },
      migrations: path.join(__dirname, 'migrations'),
      users: { cashier: { write: ['sales'] }, reporter: { read: ['sales'] } },
    });
    const fn = { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }, timeout: Duration.seconds(10) };
    this.record = new ServiceFunction(this, 'Record', {
      ...fn,
      entry: path.join(__dirname, 'src/record.ts'),
      reservedConcurrency: 200,
      access: { DB: this.sales.connect('cashier', { busy }) },
    });
    this.report = new ServiceFunction(this, 'Report', {
      ...fn,
      entry: path.join(__dirname, 'src/report.ts'),
      reservedConcurrency: 5,
      access: { DB: this.sales.connect('reporter') },
    });
  }
}
