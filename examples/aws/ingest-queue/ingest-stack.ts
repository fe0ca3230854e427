import path from 'node:path';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EntityTable, QueueWorker } from 'lintel/aws';

/** Readings of sensors, sent to a queue and stored in batches. */
export class IngestStack extends Stack {
  readonly readings: EntityTable;
  readonly worker: QueueWorker;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    this.readings = new EntityTable(this, 'Readings', { partitionKey: 'sensor', sortKey: 'takenAt' });
    this.worker = new QueueWorker(this, 'Ingest', {
      handler: {
        entry: path.join(__dirname, 'src/store-readings.ts'),
        access: { READINGS: this.readings.append() },
      },
      batch: { size: 100, window: Duration.seconds(5) },
    });
  }
}
