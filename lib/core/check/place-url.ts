import type { Check } from './check';

/** The row for a database's HTTP URL, which anyone who can read the function's variables sees. */
export function placeUrlCheck(url: unknown): Check {
  return {
    prop: 'url',
    value: url,
    // Anything beyond a location may be a secret, which a message must not repeat.
    sensitive: typeof url === 'string' && /[?#@]/.test(url),
    valid: () => url === undefined || /^(https|libsql):\/\/[^\s:@?#]+$/.test(String(url)),
    rule: "must begin with 'https://' or 'libsql://', and hold no user, query or fragment: it is a plain variable of the function",
    remedy: "write it as 'https://orders-acme.turso.io', and keep the token in 'secret'",
  };
}
