import path from 'node:path';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import { Access, type Capability, EntityTable, StreamProcessor } from 'lintel/aws';

/** Clicks on pages, counted from a Kinesis stream. */
export class ClickstreamStack extends Stack {
  readonly counts: EntityTable;
  readonly processor: StreamProcessor;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    this.counts = new EntityTable(this, 'Counts', { partitionKey: 'id', timeToLive: 'expiresAt' });
    this.processor = new StreamProcessor(this, 'Clicks', {
      handler: {
        entry: path.join(__dirname, 'src/count-clicks.ts'),
        access: { COUNTS: this.counts.write({ batch: false }) },
      },
      batch: { size: 500, window: Duration.seconds(2) },
      maxAttempts: 3,
    });
  }

  /** For those who tell of clicks. */
  tell(): Capability {
    return Access.stream(this.processor.source as kinesis.IStream).send();
  }
}
