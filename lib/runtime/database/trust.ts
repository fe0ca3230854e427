import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { DatabasePlace } from './place';

/** Whom a connection trusts, as `tls.connect` takes it. */
export interface Trust {
  /** Always: a token that reaches somebody else opens the database to them. */
  readonly rejectUnauthorized: true;
  /** The roots that are trusted; without it those of Node.js. */
  readonly ca?: readonly string[];
}

/** Lambda's Node.js runtimes have the roots of RDS in this file, and do not load it by themselves since Node.js 20. */
const ROOTS_OF_RDS = '/var/runtime/ca-cert.pem';

/**
 * A proxy has a certificate of Amazon's, which Node.js trusts already: a `ca` would replace what it trusts. A database itself
 * has one of RDS, whose roots are added.
 * @param ca roots in PEM, in place of those in Lambda's runtime
 */
export function trustOf({ direct }: Pick<DatabasePlace, 'direct'>, ca?: string): Trust {
  if (!direct) return { rejectUnauthorized: true, ...(ca !== undefined && { ca: [...rootCertificates, ca] }) };
  return { rejectUnauthorized: true, ca: [...rootCertificates, ca ?? rootsOfRds()] };
}

function rootsOfRds(): string {
  try {
    return readFileSync(ROOTS_OF_RDS, 'utf8');
  } catch {
    throw new Error(`'${ROOTS_OF_RDS}' is not there: give the roots of RDS of your region in the option 'ca'`);
  }
}
