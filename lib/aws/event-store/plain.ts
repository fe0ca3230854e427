/** A value as DynamoDB's streams have it: `{ S: 'x' }`. */
export type Typed = Readonly<Record<string, unknown>>;

/** Plain JSON of a typed image, which no template of a pipe can make of lists and maps. Bytes stay base64, sets are lists. */
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

/** A stream has bytes in base64, a query as they are. */
function textOf(bytes: unknown): unknown {
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64') : bytes;
}

/** A number that JavaScript would round stays the text that it is. */
function numberOf(text: string): number | string {
  const number = Number(text);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number;
}
