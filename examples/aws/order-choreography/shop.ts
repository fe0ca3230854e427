import path from 'node:path';
import { type App, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EntityTable, EventHub, ServiceFunction, Subscription } from 'lintel/aws';

const source = (name: string) => path.join(__dirname, 'src', `${name}.ts`);

/** What the services have in common. */
export class EventsStack extends Stack {
  readonly hub = new EventHub(this, 'Shop');
}

/** Takes orders, and decides what becomes of them. */
export class OrdersStack extends Stack {
  readonly orders = new EntityTable(this, 'Orders', { partitionKey: 'id' });
  readonly placeOrder: ServiceFunction;
  readonly decisions: Subscription;

  constructor(scope: Construct, id: string, hub: EventHub) {
    super(scope, id);
    const says = (...types: string[]) => hub.publish({ source: 'shop.orders', types });
    const orders = this.orders.write();
    this.placeOrder = new ServiceFunction(this, 'PlaceOrder', {
      entry: source('place-order'),
      access: { ORDERS: orders, HUB: says('OrderPlaced') },
    });
    this.decisions = new Subscription(this, 'Decisions', {
      hub,
      types: ['PaymentTaken', 'PaymentDeclined', 'StockReserved', 'StockMissing'],
      handler: { entry: source('decide'), access: { ORDERS: orders, HUB: says('OrderConfirmed', 'OrderCancelled') } },
    });
  }
}

/** Takes money, and gives it back. */
export class PaymentsStack extends Stack {
  readonly payments = new EntityTable(this, 'Payments', { partitionKey: 'id' });
  readonly charges: Subscription;
  readonly refunds: Subscription;

  constructor(scope: Construct, id: string, hub: EventHub) {
    super(scope, id);
    const says = (...types: string[]) => hub.publish({ source: 'shop.payments', types });
    const payments = this.payments.write();
    this.charges = new Subscription(this, 'Charges', {
      hub,
      types: ['OrderPlaced'],
      handler: {
        entry: source('charge'),
        access: { PAYMENTS: payments, HUB: says('PaymentTaken', 'PaymentDeclined') },
      },
    });
    this.refunds = new Subscription(this, 'Refunds', {
      hub,
      types: ['OrderCancelled'],
      handler: { entry: source('refund'), access: { PAYMENTS: payments, HUB: says('PaymentRefunded') } },
    });
  }
}

/** Has the goods. */
export class StockStack extends Stack {
  readonly stock = new EntityTable(this, 'Stock', { partitionKey: 'id' });
  readonly reservations: Subscription;

  constructor(scope: Construct, id: string, hub: EventHub) {
    super(scope, id);
    const says = (...types: string[]) => hub.publish({ source: 'shop.stock', types });
    this.reservations = new Subscription(this, 'Reservations', {
      hub,
      types: ['OrderPlaced'],
      handler: {
        entry: source('reserve'),
        access: { STOCK: this.stock.write(), HUB: says('StockReserved', 'StockMissing') },
      },
    });
  }
}

/** Writes letters, and says nothing to the others. */
export class LettersStack extends Stack {
  readonly letters = new EntityTable(this, 'Letters', { partitionKey: 'id' });
  readonly notices: Subscription;

  constructor(scope: Construct, id: string, hub: EventHub) {
    super(scope, id);
    this.notices = new Subscription(this, 'Notices', {
      hub,
      types: ['OrderConfirmed', 'OrderCancelled', 'PaymentRefunded'],
      handler: { entry: source('notify'), access: { LETTERS: this.letters.write() } },
      buffer: 'none',
    });
  }
}

/** The shop: a hub, and four services that know nothing but events. */
export function shopOf(app: App) {
  const { hub } = new EventsStack(app, 'Events');
  return {
    hub,
    orders: new OrdersStack(app, 'Orders', hub),
    payments: new PaymentsStack(app, 'Payments', hub),
    stock: new StockStack(app, 'Stock', hub),
    letters: new LettersStack(app, 'Letters', hub),
  };
}
