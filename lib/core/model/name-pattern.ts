const split = new Map<string, readonly string[]>();

/** A pattern of the table of names with the values of its `{placeholders}`; undefined if one is unknown. */
export function filledPattern(
  pattern: string,
  valueOf: (placeholder: string) => string | undefined,
): string | undefined {
  let text = '';
  for (const [index, part] of partsOf(pattern).entries()) {
    const filled = index % 2 ? valueOf(part) : part;
    if (filled === undefined) return undefined;
    text += filled;
  }
  return text;
}

/** The text and placeholders of a pattern, alternating. */
function partsOf(pattern: string): readonly string[] {
  const known = split.get(pattern);
  if (known) return known;
  const parts = pattern.split(/\{([^}]+)\}/);
  split.set(pattern, parts);
  return parts;
}
