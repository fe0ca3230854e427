import { createHash } from 'node:crypto';

/*
 * Names of deployment-time values carry a digest of what decides them, so that two are equal only if that is equal:
 * `<Path #1a2b3c4d>`. Never displayed.
 */

const BASIS = / #[0-9a-f]{8}(?=>|$|[^0-9a-zA-Z])/g;

/** A name with its digest. */
export function withBasis(name: string, basis: string | undefined): string {
  if (basis === undefined) return name;
  return `${name} #${createHash('sha256').update(basis).digest('hex').slice(0, 8)}`;
}

/** A text without such digests, for display. */
export function withoutBasis(text: string): string {
  return text.includes(' #') ? text.replace(BASIS, '') : text;
}
