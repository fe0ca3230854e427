/** One step of a path. */
export type Step =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number; readonly step: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'below' }
  | { readonly kind: 'filter'; readonly filter: string };

/** A parsed path. */
export interface JsonPath {
  /** Its root: the input, the context object (`$$`) or a variable. */
  readonly root: 'input' | 'context' | { readonly variable: string };
  /** The steps, in order. */
  readonly steps: readonly Step[];
  /** Whether it matches at most one value. */
  readonly definite: boolean;
}

/** A path that cannot be read. */
export class PathSyntaxError extends Error {
  override readonly name = 'PathSyntaxError';
}

const ROOT = /^\$(?:\$|[\p{L}_][\p{L}\p{N}_]*)?/u;
const NAME = /^(?:[^\s.[\]()*,:?@'"&|=<>!]|\\.)+/u;
const known = new Map<string, JsonPath>();

/**
 * Reads a path as Step Functions has them: `$.a`, `$$.Execution.Id`, `$variable[0]`, with wildcards, slices, `..` and
 * filters.
 * @throws PathSyntaxError when it cannot be read
 */
export function readPath(source: string): JsonPath {
  // AWS's parser trims trailing whitespace.
  const read = known.get(source) ?? new Reader(source.trimEnd()).path();
  known.set(source, read);
  return read;
}

class Reader {
  private at = 0;

  constructor(private readonly source: string) {}

  path(): JsonPath {
    const [root] = ROOT.exec(this.source) ?? this.fail();
    this.at = root.length;
    const steps: Step[] = [];
    while (this.at < this.source.length) steps.push(...this.step());
    const definite = steps.every(
      (step) =>
        (step.kind === 'names' && step.names.length === 1) || (step.kind === 'indexes' && step.indexes.length === 1),
    );
    const named = root === '$' ? 'input' : root === '$$' ? 'context' : { variable: root.slice(1) };
    return { root: named, steps, definite };
  }

  private step(): readonly Step[] {
    if (this.take('..')) return [{ kind: 'below' }, this.source[this.at] === '[' ? this.bracket() : this.name()];
    if (this.take('.')) return [this.source[this.at] === '[' ? this.bracket() : this.name()];
    return [this.source[this.at] === '[' ? this.bracket() : this.fail()];
  }

  private name(): Step {
    if (this.take('*')) return { kind: 'all' };
    const [name] = NAME.exec(this.source.slice(this.at)) ?? this.fail();
    this.at += name.length;
    // Path functions are not supported by Step Functions.
    if (this.source[this.at] === '(') this.fail();
    return { kind: 'names', names: [name.replace(/\\(.)/g, '$1')] };
  }

  private bracket(): Step {
    const inside = this.inside();
    if (inside === '*') return { kind: 'all' };
    if (inside.startsWith('?'))
      return { kind: 'filter', filter: /^\?\s*\(([\s\S]*)\)$/.exec(inside)?.[1] ?? this.fail() };
    if (/^['"]/.test(inside)) return { kind: 'names', names: quotedNames(inside) ?? this.fail() };
    const [, from, to, , by] = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(:\s*(-?\d+)?\s*)?$/.exec(inside) ?? [];
    if (inside.includes(':')) {
      if (!/^[-\d\s:]+$/.test(inside)) this.fail();
      return {
        kind: 'slice',
        ...(from !== undefined && { from: Number(from) }),
        ...(to !== undefined && { to: Number(to) }),
        step: by === undefined ? 1 : Number(by),
      };
    }
    const indexes = inside.split(',').map((part) => part.trim());
    if (indexes.some((part) => !/^-?\d+$/.test(part))) this.fail();
    return { kind: 'indexes', indexes: indexes.map(Number) };
  }

  /** The content of brackets, which may contain nested and quoted brackets. */
  private inside(): string {
    const begin = this.at + 1;
    let depth = 0;
    let quote: string | undefined;
    for (; this.at < this.source.length; this.at++) {
      const character = this.source[this.at]!;
      if (quote !== undefined) {
        if (character === '\\') this.at++;
        else if (character === quote) quote = undefined;
      } else if (character === "'" || character === '"') quote = character;
      else if (character === '[') depth++;
      else if (character === ']' && --depth === 0) {
        this.at++;
        return this.source.slice(begin, this.at - 1).trim();
      }
    }
    return this.fail();
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private fail(): never {
    throw new PathSyntaxError(`'${this.source}' is no JSONPath that Step Functions has`);
  }
}

function quotedNames(inside: string): readonly string[] | undefined {
  const one = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|$)/y;
  const names: string[] = [];
  while (one.lastIndex < inside.length) {
    const [, single, double] = one.exec(inside) ?? [];
    const name = single ?? double;
    if (name === undefined) return undefined;
    // Nothing else is escaped: a backslash before another character is part of the name.
    names.push(name.replace(/\\(['\\])/g, '$1'));
  }
  return names;
}
