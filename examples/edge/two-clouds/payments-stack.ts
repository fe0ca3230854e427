import path from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { EntityTable, EventHub, WebhookReceiver } from 'lintel/aws';

interface PaymentsProps extends StackProps {
  /** Where events go to the edge. */
  readonly edge: string;
}

/** Takes payments for orders that are placed elsewhere, and says so there. */
export class PaymentsStack extends Stack {
  readonly hub: EventHub;
  readonly payments: EntityTable;

  constructor(scope: Construct, id: string, { edge, ...props }: PaymentsProps) {
    super(scope, id, props);
    const secret = Secret.fromSecretNameV2(this, 'Key', 'shop/edge-key');
    const entry = (name: string) => path.join(__dirname, 'src', `${name}.ts`);

    this.payments = new EntityTable(this, 'Payments', { partitionKey: 'id' });
    this.hub = new EventHub(this, 'Hub');

    // From the edge: signed events of one source, which become events of this hub.
    const { url } = new WebhookReceiver(this, 'FromEdge', {
      signature: { preset: 'standard-webhooks', secret },
      contentTypes: ['application/cloudevents+json'],
      handler: {
        entry: entry('from-edge'),
        access: { HUB: this.hub.publish({ source: 'shop.orders', types: ['OrderPlaced'] }) },
      },
    });

    this.hub.subscribe('Charges', {
      types: ['OrderPlaced'],
      handler: {
        entry: entry('charge'),
        access: {
          PAYMENTS: this.payments.append(),
          HUB: this.hub.publish({ source: 'shop.payments', types: ['PaymentTaken'] }),
        },
      },
    });

    // To the edge: a queue holds events while it cannot be reached.
    this.hub.subscribe('ToEdge', {
      source: 'shop.payments',
      types: ['PaymentTaken'],
      handler: { entry: entry('to-edge'), environment: { EDGE: edge }, secrets: { KEY: secret } },
    });
    new CfnOutput(this, 'Webhook', { value: url });
  }
}
