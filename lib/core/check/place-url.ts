import type { Check } from './check';

/** The row for the address of a database by HTTP, which everybody who reads the function's variables may see. */
export function placeUrlCheck(url: unknown): Check {
  return {
    prop: 'url',
    value: url,
    // Whoever writes more than a place writes a secret, which a message must not repeat.
    sensitive: typeof url === 'string' && /[?#@]/.test(url),
    valid: () => url === undefined || /^(https|libsql):\/\/[^\s:@?#]+$/.test(String(url)),
    rule: "must begin with 'https://' or 'libsql://', and hold no user, query or fragment: it is a plain variable of the function",
    remedy: "write it as 'https://orders-acme.turso.io', and keep the token in 'secret'",
  };
}
