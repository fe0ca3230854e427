import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { ConnectionSettings } from './connection-settings';

/** TLS trust settings for `tls.connect`. */
export interface Trust {
  /** Always: a token that reaches anyone else opens the database to them. */
  readonly rejectUnauthorized: true;
  /** The trusted root certificates; by default those of Node.js. */
  readonly ca?: readonly string[];
}

/** Lambda's Node.js runtimes have RDS's roots in this file, but do not load it by default since Node.js 20. */
const ROOTS_OF_RDS = '/var/runtime/ca-cert.pem';

/**
 * A proxy has an Amazon certificate, which Node.js already trusts: a `ca` would replace the trusted roots. A database itself
 * has one of RDS's, whose roots are added.
 * @param ca roots in PEM, instead of those in Lambda's runtime
 */
export function trustOf({ direct }: Pick<ConnectionSettings, 'direct'>, ca?: string): Trust {
  if (!direct) return { rejectUnauthorized: true, ...(ca !== undefined && { ca: [...rootCertificates, ca] }) };
  return { rejectUnauthorized: true, ca: [...rootCertificates, ca ?? rootsOfRds()] };
}

function rootsOfRds(): string {
  try {
    return readFileSync(ROOTS_OF_RDS, 'utf8');
  } catch {
    throw new Error(`'${ROOTS_OF_RDS}' is missing: pass the RDS root certificates of your region in the option 'ca'`);
  }
}
