/** A payment, as the shop keeps it. */
export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly cents: number;
}

/** The payment that an event of the provider tells of; undefined for events of another kind. */
export function paymentOf(body: string): Payment | undefined {
  const event = JSON.parse(body) as { id: string; type: string; data: { orderId: string; amount: number } };
  if (event.type !== 'payment.succeeded') return undefined;
  return { id: event.id, orderId: event.data.orderId, cents: event.data.amount };
}
