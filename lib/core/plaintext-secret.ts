import { isUnresolved } from './unresolved';

/** Values whose own form gives them away, whatever they are called. */
const FORMATS: readonly (readonly [kind: string, form: RegExp])[] = [
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a private key', /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY/],
  ['a JSON web token', /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/],
  ['a GitLab token', /\bglpat-[\w-]{20,}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a Slack token', /\bxox[abeoprs]-[\w-]{10,}|hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/],
  ['a Stripe key', /\b(?:[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{20,})/],
  ['a Google API key', /\bAIza[\w-]{35}/],
  ['a SendGrid key', /\bSG\.[\w-]{16,}\.[\w-]{32,}/],
  ['an API key', /\bsk-[\w-]*[A-Za-z0-9]{20,}/],
  ['a storage account key', /\bAccountKey=[A-Za-z0-9+/=]{40,}/],
];

/** Any of them, at once: nearly no text has one, and every variable of every function is looked at. */
const ANY_FORMAT = new RegExp(FORMATS.map(([, form]) => form.source).join('|'));

/** A URL with a password in it. */
const URL_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i;

/** A connection string with a password in it: `Server=db;Password=...`. */
const KEYWORD_PASSWORD = /(?:^|[;&\s?])(?:password|pwd)\s*=\s*([^;&\s]+)/i;

/** A password that a template or a program fills in later: `${PASSWORD}`, `<password>`, `{{password}}`, `****`. */
const PLACEHOLDER = /^(?:\$?\{.*\}|<.*>|%.*%|\*+|x+)$/i;

/** What stands for a secret without being one: references, addresses, numbers, paths, switches. */
const REFERENCE = [
  /\{\{resolve:/,
  /^arn:[a-z-]*:/,
  /^[a-z][a-z0-9+.-]*:\/\//i,
  /^\.{0,2}\//,
  /^[\d.,:\s-]*$/,
  /^(?:true|false|yes|no|on|off|none|null|undefined|required|optional|enabled|disabled|default)$/i,
  PLACEHOLDER,
];

/** Last words that make a name one *about* a secret: `TOKEN_TTL`, `SECRET_NAME`. */
const ABOUT =
  /^(?:arn|name|names|id|ids|path|prefix|parameter|url|uri|endpoint|host|table|bucket|queue|topic|function|key|header|field|file|ttl|expiry|expires|expiration|timeout|age|length|size|count|limit|max|min|policy|rotation|enabled|required|type|kind|mode|algorithm|alg|issuer|audience|scope|version|stage|provider|region|budget|hint|label)$/;

/** Words before `key` that make it a secret one: an API key, not a sort key. */
const KEY_OF =
  /^(?:api|access|secret|private|signing|encryption|auth|master|shared|webhook|account|service|license|session|hmac)$/;

/**
 * What a plaintext setting looks like when it looks like a secret, or undefined. The form decides for well-known
 * credentials and for passwords in connection strings; for the rest the name must speak of a secret and the value must
 * not read as words, a reference, an address or a number. Meant to have few false alarms, not to find everything.
 * @param name the name of the variable or property
 * @param value its value; anything but text is no secret
 * @returns the kind in words, with its article: `a private key`. Never a part of the value
 */
export function looksLikeSecret(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || isUnresolved(value)) return undefined;
  return (
    (ANY_FORMAT.test(value) ? FORMATS.find(([, form]) => form.test(value))?.[0] : undefined) ??
    passwordInside(value) ??
    secretInJson(name, value) ??
    secretByName(name, value.trim())
  );
}

function passwordInside(value: string): string | undefined {
  const password = (URL_PASSWORD.exec(value) ?? KEYWORD_PASSWORD.exec(value))?.[1];
  if (password === undefined || PLACEHOLDER.test(password) || password.includes('{{resolve:')) return undefined;
  return 'a connection string with a password';
}

function secretInJson(name: string, value: string): string | undefined {
  if (!/^\s*[{[]/.test(value)) return undefined;
  try {
    return secretIn(name, JSON.parse(value));
  } catch {
    return undefined;
  }
}

function secretIn(name: string, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return looksLikeSecret(name, value);
  for (const [key, item] of Object.entries(value)) {
    const kind = secretIn(Array.isArray(value) ? name : key, item);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

function secretByName(name: string, value: string): string | undefined {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (/^\s*[{[]/.test(value) || REFERENCE.some((form) => form.test(value))) return undefined;
  const isKey = /^keys?$/.test(last) && words.slice(0, -1).some((word) => KEY_OF.test(word));
  if (/^api(?:key|token)s?$/.test(last) || isKey) return looksRandom(value) ? 'an API key' : undefined;
  if (ABOUT.test(last)) return undefined;
  if (words.some((word) => /^(?:password|passwd|passphrase|passwort)$/.test(word))) {
    return value.length >= 4 && !repeats(words, value) ? 'a password' : undefined;
  }
  if (words.some((word) => /^(?:secrets?|tokens?|credentials?|pwd|bearer)$/.test(word))) {
    return looksRandom(value) ? 'a secret' : undefined;
  }
  return undefined;
}

/** `DB_PASSWORD`, `dbPassword` and `db-password` alike: lower-case words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** The name of a secret is often its own description: `PASSWORD: 'shop/db-password'`. */
function repeats(words: readonly string[], value: string): boolean {
  const inValue = wordsOf(value);
  return inValue.length > 1 && words.some((word) => inValue.includes(word)) && !looksRandom(value);
}

/** Whether text is long, mixed and not made of words: what a generator writes, not what a person does. */
function looksRandom(value: string): boolean {
  if (value.length < 12 || /\s/.test(value)) return false;
  const pieces = value.split(/[-_./:+=]+/).filter((piece) => piece !== '');
  if (pieces.every((piece) => /^(?:[a-z]+|[A-Z]+|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*)?\d{0,4}$/.test(piece))) return false;
  return entropy(value) >= 2.8;
}

/** Shannon entropy of the characters of a text, in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
}
