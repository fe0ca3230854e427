import { subscriber } from 'lintel/runtime';
import type { ShopEvents } from './events';
import { enter } from './table';

const write = (letter: string) => (data: { readonly orderId: string }) =>
  enter(process.env.LETTERS!, { id: `${data.orderId}:${letter}`, letter });

/** Writes to the customer. */
export const handler = subscriber<ShopEvents>({
  on: { OrderConfirmed: write('confirmed'), OrderCancelled: write('cancelled'), PaymentRefunded: write('refunded') },
});
