/** What is ordered, and how often. */
export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface Order {
  readonly id: string;
  readonly customerId: string;
  readonly status: 'placed' | 'shipped' | 'cancelled';
  readonly lines: readonly OrderLine[];
  readonly placedAt: string;
}

/** Why a request cannot be served, in words for the caller. */
export class OrderError extends Error {
  constructor(
    readonly kind: 'invalid' | 'unknown' | 'conflict',
    readonly problems: readonly string[],
  ) {
    super(problems.join('; '));
  }
}

const MOST_LINES = 50;
const MOST_PIECES = 99;

/**
 * The lines of an order, from whatever the caller sent: lines of the same article are one line.
 * @throws OrderError with everything that is wrong
 */
export function linesOf(request: unknown): OrderLine[] {
  const lines = (request as { lines?: unknown } | null | undefined)?.lines;
  if (!Array.isArray(lines) || lines.length === 0 || lines.length > MOST_LINES) {
    throw new OrderError('invalid', [`'lines' must be a list of 1 to ${MOST_LINES} lines`]);
  }
  const problems = lines.flatMap((line: unknown, index) =>
    problemsOf(line).map((problem) => `line ${index + 1}: ${problem}`),
  );
  if (problems.length > 0) throw new OrderError('invalid', problems);

  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines as OrderLine[]) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}

/** A new order. */
export function place(id: string, customerId: string, lines: readonly OrderLine[], now: Date): Order {
  return { id, customerId, status: 'placed', lines, placedAt: now.toISOString() };
}

/**
 * The order, if it is the customer's. Another customer's order does not exist for this one.
 * @throws OrderError when there is none
 */
export function ownedBy(customerId: string, order: Order | undefined): Order {
  if (order?.customerId !== customerId) throw new OrderError('unknown', ['there is no such order']);
  return order;
}

/**
 * The order, cancelled. To cancel it again changes nothing.
 * @throws OrderError when it is on its way
 */
export function cancel(order: Order): Order {
  if (order.status === 'shipped') throw new OrderError('conflict', ['a shipped order cannot be cancelled']);
  return { ...order, status: 'cancelled' };
}

function problemsOf(line: unknown): string[] {
  const { sku, quantity } = (line ?? {}) as Partial<Record<keyof OrderLine, unknown>>;
  return [
    ...(typeof sku === 'string' && sku.trim() !== '' ? [] : ["'sku' must name an article"]),
    ...(isQuantity(quantity) ? [] : [`'quantity' must be a whole number from 1 to ${MOST_PIECES}`]),
  ];
}

function isQuantity(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST_PIECES;
}
