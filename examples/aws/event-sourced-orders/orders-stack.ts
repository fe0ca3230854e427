import path from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EntityTable, EventStore, type Projection, ServerlessApi, ServiceFunction } from 'lintel/aws';

const source = (name: string) => path.join(__dirname, 'src', `${name}.ts`);

/** Orders as events: commands write them, two read models follow, a replay makes one anew, and a customer can be forgotten. */
export class OrdersStack extends Stack {
  readonly orders: EventStore;
  readonly byCustomer: Projection;
  readonly revenue: Projection;
  readonly customers: EntityTable;
  readonly revenuePerDay: EntityTable;
  readonly api: ServerlessApi;
  readonly forget: ServiceFunction;
  readonly replay: ServiceFunction;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    this.orders = new EventStore(this, 'Store', { personal: { OrderPlaced: ['name', 'email'] } });

    this.customers = new EntityTable(this, 'Customers', { partitionKey: 'id' });
    this.byCustomer = this.orders.project('ByCustomer', {
      handler: source('by-customer'),
      readModel: this.customers,
    });

    this.revenuePerDay = new EntityTable(this, 'RevenuePerDay', { partitionKey: 'id' });
    this.revenue = this.orders.project('Revenue', {
      handler: source('revenue'),
      eventTypes: ['OrderPaid'],
      readModel: this.revenuePerDay,
    });

    const decide = { ORDERS: this.orders.append() };
    this.api = new ServerlessApi(this, 'Api', {
      authorizer: { issuer: 'https://login.example.com', audience: ['shop'] },
      routes: {
        'POST /orders': { entry: source('command'), access: decide },
        'POST /orders/{id}/{command}': { entry: source('command'), access: decide },
        'GET /orders/{id}': { entry: source('get-order'), access: { ORDERS: this.orders.read() } },
        'GET /customers/{id}': { entry: source('get-customer'), access: { CUSTOMERS: this.customers.read() } },
        'GET /revenue/{day}': { entry: source('get-revenue'), access: { REVENUE: this.revenuePerDay.read() } },
      },
    });

    this.forget = new ServiceFunction(this, 'Forget', {
      entry: source('forget'),
      access: { ORDERS: this.orders.forget().and(this.orders.append()), CUSTOMERS: this.customers.read() },
    });
    this.replay = new ServiceFunction(this, 'ReplayCustomers', {
      entry: source('replay'),
      access: { REPLAY: this.orders.replay(this.byCustomer) },
    });

    new CfnOutput(this, 'Url', { value: this.api.url });
  }
}
