/** The price of an article. */
export interface Price {
  readonly sku: string;
  readonly cents: number;
}

/** A price list, as far as it can be read. */
export interface PriceList {
  readonly prices: readonly Price[];
  /** Lines that are none, with their numbers. */
  readonly rejected: readonly string[];
}

/**
 * Reads lines of `sku;price`. Wrong lines are reported, not skipped in silence.
 * @throws Error when the file is no price list at all
 */
export function priceListOf(text: string): PriceList {
  const [head = '', ...lines] = text.split(/\r?\n/);
  if (head.trim() !== 'sku;price') throw new Error("a price list must begin with the line 'sku;price'");
  const prices: Price[] = [];
  const rejected: string[] = [];
  for (const [index, line] of lines.entries()) {
    const [, sku, amount] = /^([\w-]+);(\d+(?:\.\d\d)?)$/.exec(line.trim()) ?? [];
    if (sku !== undefined) prices.push({ sku, cents: Math.round(Number(amount) * 100) });
    else if (line.trim() !== '') rejected.push(`line ${index + 2}: ${line}`);
  }
  return { prices, rejected };
}
