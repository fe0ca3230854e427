import type { CompensationEvent } from 'lintel/runtime';
import type { Order } from './order';
import { payments } from './payment-service';

/** Pays back what was charged under the action's key; where nothing was, it sees to it that nothing will be. */
export async function handler({ input, actionKey }: CompensationEvent<Order>): Promise<void> {
  await payments.refund(actionKey, input.card);
}
