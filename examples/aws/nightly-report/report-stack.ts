import path from 'node:path';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EntityTable, ScheduledJob } from 'lintel/aws';

/** A report of all orders, every night at three. */
export class ReportStack extends Stack {
  readonly orders: EntityTable;
  readonly reports: EntityTable;
  readonly job: ScheduledJob;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    this.orders = new EntityTable(this, 'Orders', { partitionKey: 'id' });
    this.reports = new EntityTable(this, 'Reports', { partitionKey: 'day' });
    this.job = new ScheduledJob(this, 'Nightly', {
      schedule: 'cron(0 3 * * ? *)',
      timeZone: 'Europe/Berlin',
      handler: {
        entry: path.join(__dirname, 'src/write-report.ts'),
        timeout: Duration.minutes(5),
        access: { ORDERS: this.orders.read({ scan: true }), REPORTS: this.reports.append() },
      },
    });
  }
}
