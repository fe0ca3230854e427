/** A place in a text: line and column, from 1. */
export interface Position {
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
}

/** Where a name (or a list's item) stands in a JSON text; the nearest one above it where the path ends earlier. */
export function locateInJson(text: string, path: readonly string[]): Position {
  return positionAt(text, new Scanner(text).find(path));
}

/** Line and column of an offset. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}

/** Walks a text that is known to be valid JSON, without building its values. */
class Scanner {
  private position = 0;

  constructor(private readonly text: string) {}

  find(path: readonly string[]): number {
    let found = 0;
    for (const name of path) {
      const next = this.enter(name);
      if (next === undefined) break;
      found = next;
    }
    return found;
  }

  /** Moves to the value of a name in the object or list that starts here; gives where the name stands. */
  private enter(name: string): number | undefined {
    this.space();
    const open = this.text[this.position];
    if (open !== '{' && open !== '[') return undefined;
    this.position += 1;
    for (let index = 0; ; index += 1) {
      this.space();
      if (this.text[this.position] === ',') this.position += 1;
      this.space();
      if (this.position >= this.text.length || '}]'.includes(this.text[this.position]!)) return undefined;
      const start = this.position;
      let key = String(index);
      if (open === '{') {
        this.skip();
        key = JSON.parse(this.text.slice(start, this.position)) as string;
        this.space();
        this.position += 1;
      }
      if (key === name) return start;
      this.skip();
    }
  }

  /** Moves past the value that starts here. */
  private skip(): void {
    this.space();
    let depth = 0;
    do {
      const character = this.text[this.position];
      if (character === '"') this.skipText();
      else {
        if (character === '{' || character === '[') depth += 1;
        if (character === '}' || character === ']') depth -= 1;
        this.position += 1;
        if (depth === 0 && !'}]'.includes(character ?? '')) this.skipScalar();
      }
    } while (depth > 0 && this.position < this.text.length);
  }

  private skipText(): void {
    this.position += 1;
    while (this.position < this.text.length && this.text[this.position] !== '"') {
      this.position += this.text[this.position] === '\\' ? 2 : 1;
    }
    this.position += 1;
  }

  private skipScalar(): void {
    while (this.position < this.text.length && !',]} \t\r\n'.includes(this.text[this.position]!)) this.position += 1;
  }

  private space(): void {
    while (' \t\r\n'.includes(this.text[this.position] ?? 'x')) this.position += 1;
  }
}
