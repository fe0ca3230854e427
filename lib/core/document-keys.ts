import { createHash } from 'node:crypto';

/** Names as keys of a document, which have letters, digits and `.-_` only; two names never have one key. */
export function keysOf(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    names.map((name) => {
      const plain = name.replace(/[^\w.-]+/g, '-');
      const key = taken.has(plain) ? `${plain}-${digest({ name })}` : plain;
      taken.add(key);
      return [name, key];
    }),
  );
}

/** A short text that is another one where the content is. */
export function digest(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
}
