import { SECRET_TEXT } from '../core/model/graph';
import { isRecord } from '../core/record';

/** A shorter secret is hidden only if it is the whole string: `5432` may occur anywhere. */
const SHORTEST_PART = 8;

/** Hides secrets that ended up where nothing marks them. */
export class Redactor {
  private readonly secrets = new Set<string>();

  /** Hides this string from now on. */
  add(secret: string): void {
    if (secret !== '') this.secrets.add(secret);
  }

  /** A string without the secrets in it. */
  text(text: string): string {
    if (this.secrets.has(text)) return SECRET_TEXT;
    let result = text;
    for (const secret of this.longestFirst()) {
      if (secret.length >= SHORTEST_PART) result = result.replaceAll(secret, SECRET_TEXT);
    }
    return result;
  }

  /** A value without the secrets in it, and the paths where there were any. */
  value(value: unknown): { readonly value: unknown; readonly paths: readonly string[] } {
    const paths: string[] = [];
    const visit = (item: unknown, path: readonly string[]): unknown => {
      if (typeof item === 'string') {
        const text = this.text(item);
        if (text !== item) paths.push(path.join('.'));
        return text;
      }
      if (Array.isArray(item)) return item.map((each, index) => visit(each, [...path, String(index)]));
      if (!isRecord(item)) return item;
      return Object.fromEntries(Object.entries(item).map(([name, each]) => [name, visit(each, [...path, name])]));
    };
    return { value: visit(value, []), paths };
  }

  /**
   * The same error, without secrets in its message, and without the promise that the SDK attaches: printing that
   * takes most of a minute and reveals the configuration.
   */
  error(error: unknown): unknown {
    if (typeof error === 'string') return this.message(error);
    if (!isThrown(error)) return error;
    const { message, stack } = error;
    if (error.promise instanceof Promise) delete error.promise;
    if (this.message(message) !== message) error.message = this.message(message);
    if (typeof stack === 'string' && this.message(stack) !== stack) error.stack = this.message(stack);
    return error;
  }

  /** In a message every secret of some length is hidden: nothing depends on its wording. */
  private message(text: string): string {
    return this.longestFirst().reduce(
      (result, secret) => (secret.length >= 4 ? result.replaceAll(secret, SECRET_TEXT) : result),
      text,
    );
  }

  private longestFirst(): string[] {
    return [...this.secrets].sort((a, b) => b.length - a.length);
  }
}

interface Thrown {
  message: string;
  stack?: unknown;
  promise?: unknown;
}

function isThrown(error: unknown): error is Thrown {
  return isRecord(error) && typeof error.message === 'string';
}
