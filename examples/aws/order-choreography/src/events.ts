/** What the services tell each other, and all that they know of each other: data by type. */
export interface ShopEvents {
  readonly OrderPlaced: Order;
  readonly PaymentTaken: Outcome;
  readonly PaymentDeclined: Outcome;
  readonly PaymentRefunded: Outcome;
  readonly StockReserved: Outcome;
  readonly StockMissing: Outcome;
  readonly OrderConfirmed: Outcome;
  readonly OrderCancelled: Outcome;
}

/** An order as its customer placed it. */
export interface Order {
  readonly orderId: string;
  readonly article: string;
  readonly quantity: number;
  readonly card: string;
}

/** What became of an order. */
export interface Outcome {
  readonly orderId: string;
}
