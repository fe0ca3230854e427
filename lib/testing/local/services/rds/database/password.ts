import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

/**
 * Whether a password matches PostgreSQL's stored verifier.
 * @param verifier `SCRAM-SHA-256$4096:salt$stored:server`, from `pg_authid`
 * @see https://www.rfc-editor.org/rfc/rfc5803
 */
export function isPassword(password: string, verifier: string): boolean {
  const [, iterations, salt = '', stored = ''] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/.exec(verifier) ?? [];
  if (iterations === undefined) return false;
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
  const key = createHmac('sha256', salted).update('Client Key').digest();
  const expected = Buffer.from(stored, 'base64');
  const given = createHash('sha256').update(key).digest();
  return given.length === expected.length && timingSafeEqual(given, expected);
}
