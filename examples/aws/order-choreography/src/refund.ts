import { publisher, subscriber } from 'lintel/runtime';
import type { ShopEvents } from './events';
import { set } from './table';

const payments = publisher<ShopEvents>('HUB', { source: 'shop.payments' });

/** Refunds what was paid for an order that is not to be. */
export const handler = subscriber<ShopEvents>({
  on: {
    async OrderCancelled({ orderId }, event) {
      await set(process.env.PAYMENTS!, orderId, { state: 'refunded' });
      await payments.publish(
        { type: 'PaymentRefunded', id: `${orderId}:refund`, subject: orderId, data: { orderId } },
        { cause: event },
      );
    },
  },
});
