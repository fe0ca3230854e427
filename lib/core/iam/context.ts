import type { OneOrMany } from './policy';

/** A value of the request context. Dates as ISO 8601 or seconds since 1970, binary values in base64. */
export type ContextValue = string | number | boolean;

/** A request's context, by key: `aws:SourceArn`, `dynamodb:LeadingKeys`. An absent key is absent. */
export type Context = Readonly<Record<string, OneOrMany<ContextValue> | undefined>>;

/** A request context for conditions and variables: case-insensitive names, lists of strings. */
export class RequestContext {
  private readonly values = new Map<string, { readonly texts: readonly string[]; readonly single: boolean }>();

  /** @param contexts the first that has a key supplies it */
  constructor(...contexts: readonly Context[]) {
    for (const [key, value] of contexts.flatMap((context) => Object.entries(context))) {
      const name = key.toLowerCase();
      if (value === undefined || this.values.has(name)) continue;
      const single = !Array.isArray(value);
      this.values.set(name, { texts: [value].flat().map(String), single });
    }
  }

  /** The values of a key; undefined if absent. */
  get(key: string): readonly string[] | undefined {
    return this.values.get(key.toLowerCase())?.texts;
  }

  /** The value of a key as a policy variable; multi-valued keys cannot be used. */
  variable(key: string): string | undefined {
    const value = this.values.get(key.toLowerCase());
    return value !== undefined && (value.single || value.texts.length === 1) ? value.texts[0] : undefined;
  }
}
