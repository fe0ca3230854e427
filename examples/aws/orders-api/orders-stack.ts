import path from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EntityTable, ServerlessApi } from 'lintel/aws';

/** Customers place, read, list and cancel their own orders. */
export class OrdersStack extends Stack {
  readonly api: ServerlessApi;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const orders = new EntityTable(this, 'Orders', {
      partitionKey: 'id',
      indexes: { byCustomer: { partitionKey: 'customerId', sortKey: 'placedAt' } },
    });
    const requests = new EntityTable(this, 'Requests', { partitionKey: 'id', timeToLive: 'expiration' });

    this.api = new ServerlessApi(this, 'Api', {
      authorizer: { issuer: 'https://login.example.com', audience: ['shop'] },
      routes: {
        'POST /orders': {
          entry: source('place-order.ts'),
          access: { ORDERS: orders.append(), REQUESTS: requests.write().and(requests.delete()) },
        },
        'GET /orders': { entry: source('list-orders.ts'), access: { ORDERS: orders.read() } },
        'GET /orders/{id}': { entry: source('get-order.ts'), access: { ORDERS: orders.read() } },
        'POST /orders/{id}/cancel': { entry: source('cancel-order.ts'), access: { ORDERS: orders.readWrite() } },
      },
    });

    new CfnOutput(this, 'Url', { value: this.api.url });
  }
}

function source(file: string): string {
  return path.join(__dirname, 'src', file);
}
