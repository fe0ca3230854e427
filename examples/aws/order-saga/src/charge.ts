import type { ActionEvent } from 'lintel/runtime';
import type { Order } from './order';
import { payments } from './payment-service';

/** Charges the card. The key makes sure that it is charged once, however often this is called. */
export async function handler({ input, idempotencyKey }: ActionEvent<Order>): Promise<{ payment: string }> {
  await payments.charge(idempotencyKey, input.card, input.amount);
  return { payment: idempotencyKey };
}
