import { createHash } from 'node:crypto';

/*
 * Names of what is decided at deployment carry what decides it, so that two of them are the same only if that is the
 * same: `<Path #1a2b3c4d>`. A reader never sees it.
 */

const BASIS = / #[0-9a-f]{8}(?=>|$|[^0-9a-zA-Z])/g;

/** A name with the digest of what decides it. */
export function withBasis(name: string, basis: string | undefined): string {
  if (basis === undefined) return name;
  return `${name} #${createHash('sha256').update(basis).digest('hex').slice(0, 8)}`;
}

/** A text without such digests, as a reader sees it. */
export function withoutBasis(text: string): string {
  return text.includes(' #') ? text.replace(BASIS, '') : text;
}
