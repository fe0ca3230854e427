/** What services of the shop tell each other, on either cloud. */
export interface Events {
  readonly OrderPlaced: { readonly orderId: string; readonly total: number };
  readonly PaymentTaken: { readonly orderId: string };
}
