/** An order, as the saga is started with it. */
export interface Order {
  readonly id: string;
  readonly lines: readonly OrderLine[];
  /** A token of the payment service, which stands for a card. */
  readonly card: string;
  readonly amount: number;
  readonly address: string;
}

/** So many of an article. */
export interface OrderLine {
  readonly article: string;
  readonly quantity: number;
}

/** The article is not there in that quantity. */
export class OutOfStock extends Error {
  override readonly name = 'OutOfStock';
}

/** The card's bank said no. */
export class CardDeclined extends Error {
  override readonly name = 'CardDeclined';
}

/** Nobody delivers there. */
export class NoCourier extends Error {
  override readonly name = 'NoCourier';
}
