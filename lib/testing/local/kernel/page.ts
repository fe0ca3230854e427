import { AwsError } from './aws-errors';

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The token for the next page; undefined on the last one. */
  readonly next?: string;
}

/**
 * A page of a list that does not change between pages.
 * @param token of the page before
 * @param size of a page
 * @throws AwsError for a token that no page gave
 */
export function pageOf<T>(all: readonly T[], token: string | undefined, size: number): Page<T> {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  const end = start + size;
  const next = end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined;
  return { items: all.slice(start, end), next };
}
