import path from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { EntityTable, WebhookReceiver } from 'lintel/aws';

/** What a payment provider tells, received at once and worked on behind a queue. */
export class PaymentsStack extends Stack {
  readonly payments: EntityTable;
  readonly receiver: WebhookReceiver;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    this.payments = new EntityTable(this, 'Payments', { partitionKey: 'id' });
    this.receiver = new WebhookReceiver(this, 'Webhook', {
      signature: {
        preset: 'stripe',
        secret: Secret.fromSecretNameV2(this, 'SigningSecret', 'payments/signing-secret'),
      },
      handler: {
        entry: path.join(__dirname, 'src/record-payment.ts'),
        access: { PAYMENTS: this.payments.append() },
      },
    });
    new CfnOutput(this, 'Url', { value: this.receiver.url });
  }
}
