/** A value as in DynamoDB streams: `{ S: 'x' }`. */
export type Typed = Readonly<Record<string, unknown>>;

/** Converts a typed image to plain JSON, which a pipe's template cannot do for lists and maps. Bytes stay base64, sets become lists. */
export function plainOf(image: Readonly<Record<string, Typed>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, plain(value)]));
}

function plain(typed: Typed): unknown {
  const [[type, value] = []] = Object.entries(typed);
  switch (type) {
    case 'M':
      return plainOf(value as Record<string, Typed>);
    case 'L':
      return (value as Typed[]).map(plain);
    case 'N':
      return numberOf(value as string);
    case 'NS':
      return (value as string[]).map(numberOf);
    case 'NULL':
      return null;
    case 'B':
      return textOf(value);
    case 'BS':
      return (value as unknown[]).map(textOf);
    default:
      return value;
  }
}

/** A stream has bytes in base64, a query as raw bytes. */
function textOf(bytes: unknown): unknown {
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64') : bytes;
}

/** A number that JavaScript would round is kept as text. */
function numberOf(text: string): number | string {
  const number = Number(text);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number;
}
