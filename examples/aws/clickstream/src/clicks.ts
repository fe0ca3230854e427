/** Somebody clicked on a page. */
export interface Click {
  readonly id: string;
  readonly page: string;
}

/**
 * The click in a record.
 * @throws Error when it is none
 */
export function clickOf(data: string): Click {
  const { id, page } = JSON.parse(Buffer.from(data, 'base64').toString()) as Partial<Record<keyof Click, unknown>>;
  if (typeof id !== 'string' || typeof page !== 'string') throw new Error("a click must have an 'id' and a 'page'");
  return { id, page };
}
