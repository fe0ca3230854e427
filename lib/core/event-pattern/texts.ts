/** Whether a text, in its quotation marks, is what a pattern says. */
export type TextTest = (quoted: string) => boolean;

/**
 * A text whose letters may be small or capital. Each character stands for itself alone: one outside of the basic plane is
 * two of them, and matches nothing that is written with it, as on AWS.
 */
export function ignoringCase(text: string, place: 'start' | 'end' | 'whole'): TextTest {
  const source = text
    .split('')
    .map((character) => {
      const single = /[\ud800-\udfff]/.test(character) ? '?' : character;
      const [small, capital] = [single.toLowerCase(), single.toUpperCase()].map(escaped);
      return small === capital ? small : `(?:${small}|${capital})`;
    })
    .join('');
  const pattern = new RegExp(`${place === 'end' ? '' : '^'}${source}${place === 'start' ? '' : '$'}`);
  return (value) => pattern.test(value);
}

/** `*` is any text, also none; a backslash stands before a star or a backslash that is meant. */
export function inWildcard(text: string): TextTest {
  const source = text
    .split(/(\\[\\*]|\*)/)
    .map((part) => (part === '*' ? '[^]*' : escaped(part.replace(/^\\([\\*])$/, '$1'))))
    .join('');
  const pattern = new RegExp(`^${source}$`);
  return (value) => pattern.test(value);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
