import { publisher, subscriber } from 'lintel/runtime';
import type { ShopEvents } from './events';
import { take } from './table';

const stock = publisher<ShopEvents>('HUB', { source: 'shop.stock' });

/** Reserves what an order asks for. */
export const handler = subscriber<ShopEvents>({
  on: {
    async OrderPlaced({ orderId, article, quantity }, event) {
      const type = (await take(process.env.STOCK!, article, quantity)) ? 'StockReserved' : 'StockMissing';
      await stock.publish({ type, id: orderId, subject: orderId, data: { orderId } }, { cause: event });
    },
  },
});
