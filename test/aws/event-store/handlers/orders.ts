/** What happens to an order. */
export type OrderEvent =
  | { type: 'OrderPlaced'; data: { name?: string; day: string } }
  | { type: 'LineAdded'; data: { amount: number; day: string } };

/** An order, as it is shown. */
export interface OrderView {
  name?: string;
  lines: number;
  amount: number;
}

/** Applies an event: pure, so that tests fold with it as well. */
export function applied(order: OrderView, { type, data }: OrderEvent): OrderView {
  if (type === 'OrderPlaced') return { ...order, name: data.name ?? 'forgotten' };
  return { ...order, lines: order.lines + 1, amount: order.amount + data.amount };
}

export const NONE: OrderView = { lines: 0, amount: 0 };
