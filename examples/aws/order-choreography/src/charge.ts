import { publisher, subscriber } from 'lintel/runtime';
import type { ShopEvents } from './events';
import { enter } from './table';

const payments = publisher<ShopEvents>('HUB', { source: 'shop.payments' });

/** Charges the card of an order. The service of payments is asked with the order's number, so that a card is charged once. */
export const handler = subscriber<ShopEvents>({
  on: {
    async OrderPlaced({ orderId, card }, event) {
      if (card === '') throw new Error(`Order ${orderId} has no card`);
      const declined = card === 'declined';
      if (!declined) await enter(process.env.PAYMENTS!, { id: orderId, state: 'taken' });
      const type = declined ? 'PaymentDeclined' : 'PaymentTaken';
      await payments.publish({ type, id: orderId, subject: orderId, data: { orderId } }, { cause: event });
    },
  },
});
