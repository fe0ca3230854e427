import path from 'node:path';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EntityTable, FileProcessor } from 'lintel/aws';

/** Price lists that suppliers bring as CSV, imported line by line. */
export class ImportStack extends Stack {
  readonly prices: EntityTable;
  readonly imports: FileProcessor;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    this.prices = new EntityTable(this, 'Prices', { partitionKey: 'sku' });
    this.imports = new FileProcessor(this, 'Imports', {
      prefix: 'incoming/',
      suffix: '.csv',
      outputPrefix: 'rejected/',
      handler: {
        entry: path.join(__dirname, 'src/import-prices.ts'),
        timeout: Duration.minutes(1),
        access: { PRICES: this.prices.write({ batch: false }) },
      },
      batch: { size: 1 },
    });
  }
}
