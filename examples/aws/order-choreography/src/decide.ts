import { type CloudEvent, publisher, subscriber } from 'lintel/runtime';
import type { Outcome, ShopEvents } from './events';
import { set } from './table';

const orders = publisher<ShopEvents>('HUB', { source: 'shop.orders' });

/** Confirms an order that is paid and reserved, in whatever order it hears of it; cancels one that lacks either. */
export const handler = subscriber<ShopEvents>({
  on: {
    PaymentTaken: (outcome, event) => decide(outcome, { paid: true }, event),
    PaymentDeclined: (outcome, event) => decide(outcome, { paid: false }, event),
    StockReserved: (outcome, event) => decide(outcome, { reserved: true }, event),
    StockMissing: (outcome, event) => decide(outcome, { reserved: false }, event),
  },
});

async function decide({ orderId }: Outcome, heard: Readonly<Record<string, boolean>>, cause: CloudEvent) {
  const { paid, reserved } = await set(process.env.ORDERS!, orderId, heard);
  const type =
    paid && reserved ? 'OrderConfirmed' : paid === false || reserved === false ? 'OrderCancelled' : undefined;
  if (type === undefined) return;
  await set(process.env.ORDERS!, orderId, { state: type === 'OrderConfirmed' ? 'confirmed' : 'cancelled' });
  // An id of its own making: heard of twice, it is said once.
  await orders.publish({ type, id: `${orderId}:${type}`, subject: orderId, data: { orderId } }, { cause });
}
