import path from 'node:path';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EntityTable, Saga, type SagaProps, ServiceFunction } from 'lintel/aws';

const source = (name: string) => path.join(__dirname, 'src', `${name}.ts`);

/** Props of an `OrderStack`. */
export interface OrderStackProps extends StackProps {
  /**
   * What runs the saga. All else is the same, the handlers included.
   * @default 'step-functions'
   */
  readonly engine?: SagaProps['engine'];
}

/** Orders over three services: stock, payments and shipments, each with a table of its own. */
export class OrderStack extends Stack {
  readonly stock: EntityTable;
  readonly payments: EntityTable;
  readonly shipments: EntityTable;
  readonly saga: Saga;
  readonly placeOrder: ServiceFunction;
  readonly resumeOrder: ServiceFunction;

  constructor(scope: Construct, id: string, { engine, ...props }: OrderStackProps = {}) {
    super(scope, id, props);

    this.stock = new EntityTable(this, 'Stock', { partitionKey: 'id' });
    this.payments = new EntityTable(this, 'Payments', { partitionKey: 'id' });
    this.shipments = new EntityTable(this, 'Shipments', { partitionKey: 'id' });
    const stock = { STOCK: this.stock.write() };
    const payments = { PAYMENTS: this.payments.write() };
    const shipments = { SHIPMENTS: this.shipments.write() };

    this.saga = new Saga(this, 'Order', {
      engine,
      timeout: Duration.minutes(10),
      steps: [
        {
          each: '{% $input.lines %}',
          maxItems: 20,
          step: {
            name: 'reserve',
            action: { entry: source('reserve'), access: stock },
            compensation: { entry: source('release'), access: stock },
          },
        },
        {
          name: 'charge',
          action: { entry: source('charge'), access: payments, timeout: Duration.seconds(3) },
          compensation: { entry: source('refund'), access: payments, timeout: Duration.seconds(3) },
        },
        {
          name: 'ship',
          action: { entry: source('ship'), access: shipments },
          compensation: { entry: source('recall'), access: shipments },
        },
      ],
    });

    const access = { ORDER: this.saga.start() };
    this.placeOrder = new ServiceFunction(this, 'PlaceOrder', { entry: source('place-order'), access });
    this.resumeOrder = new ServiceFunction(this, 'ResumeOrder', { entry: source('resume-order'), access });
  }
}
