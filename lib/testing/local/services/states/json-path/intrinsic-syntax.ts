/** An argument of an intrinsic function. */
export type Argument =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'call'; readonly call: IntrinsicCall };

/** `States.Format('{}', $.name)`, read. */
export interface IntrinsicCall {
  /** Without `States.`. */
  readonly name: string;
  /** In order. */
  readonly arguments: readonly Argument[];
}

/** A call that cannot be read. */
export class IntrinsicSyntaxError extends Error {
  override readonly name = 'IntrinsicSyntaxError';
}

/** @throws IntrinsicSyntaxError when it cannot be read */
export function readIntrinsic(source: string): IntrinsicCall {
  const reader = new Reader(source);
  const call = reader.call();
  reader.end();
  return call;
}

class Reader {
  private at = 0;

  constructor(private readonly source: string) {}

  call(): IntrinsicCall {
    const [whole, name] = this.match(/\s*States\.(\w+)\s*\(\s*/y) ?? this.fail();
    this.at += whole.length;
    const found: Argument[] = [];
    while (this.source[this.at] !== ')') {
      found.push(this.argument());
      const comma = this.match(/\s*,\s*/y);
      this.at += comma?.[0].length ?? this.match(/\s*/y)![0].length;
      if (!comma && this.source[this.at] !== ')') this.fail();
    }
    this.at++;
    return { name: name!, arguments: found };
  }

  end(): void {
    if (this.source.slice(this.at).trim() !== '') this.fail();
  }

  private argument(): Argument {
    const next = this.source[this.at];
    if (next === "'") return { kind: 'value', value: this.text() };
    if (next === '$') return { kind: 'path', path: this.path() };
    if (this.source.startsWith('States.', this.at)) return { kind: 'call', call: this.call() };
    const [literal] = this.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y) ?? this.fail();
    this.at += literal.length;
    return { kind: 'value', value: JSON.parse(literal) as unknown };
  }

  /** `\'` stands for an apostrophe, `\\` for a backslash; before braces the backslash stays, for `States.Format`. */
  private text(): string {
    const [whole, inside] = this.match(/'((?:[^'\\]|\\[\s\S])*)'/y) ?? this.fail();
    this.at += whole.length;
    return inside!.replace(/\\([\s\S])/g, (escape, character: string) =>
      '{}'.includes(character) ? escape : character,
    );
  }

  private path(): string {
    const begin = this.at;
    let depth = 0;
    let quote: string | undefined;
    for (; this.at < this.source.length; this.at++) {
      const character = this.source[this.at]!;
      if (quote !== undefined) {
        if (character === '\\') this.at++;
        else if (character === quote) quote = undefined;
      } else if (depth > 0 && (character === "'" || character === '"')) quote = character;
      else if ('[('.includes(character)) depth++;
      else if (depth > 0 && '])'.includes(character)) depth--;
      else if (depth === 0 && /[,)\s]/.test(character)) break;
    }
    return this.source.slice(begin, this.at);
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.source);
  }

  private fail(): never {
    throw new IntrinsicSyntaxError(`'${this.source}' cannot be parsed as an intrinsic function`);
  }
}
