/** An order, as far as a report is concerned. */
export interface Order {
  readonly status: string;
  readonly total: number;
}

/** What a day's report says. */
export interface Report {
  readonly day: string;
  readonly orders: number;
  readonly revenue: number;
}

/** Sums up the orders that were not cancelled. */
export function reportOf(day: string, orders: readonly Order[]): Report {
  const kept = orders.filter(({ status }) => status !== 'cancelled');
  return { day, orders: kept.length, revenue: kept.reduce((sum, { total }) => sum + total, 0) };
}
