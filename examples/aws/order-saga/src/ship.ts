import type { ActionEvent } from 'lintel/runtime';
import { enter } from './ledger';
import { NoCourier, type Order } from './order';

/** Orders a courier. */
export async function handler({ input, idempotencyKey }: ActionEvent<Order>): Promise<{ shipment: string }> {
  if (input.address === 'Nowhere') throw new NoCourier(`No courier goes to ${input.address}`);
  await enter(String(process.env.SHIPMENTS), idempotencyKey, { order: input.id, address: input.address });
  return { shipment: idempotencyKey };
}
