/** Characters that move the cursor, end a line, or turn or hide what stands beside them. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** What GitHub Actions takes for a command where a line of a log begins with it. */
const COMMAND = /^\s*(?:::|##\[)/;

/**
 * A text from elsewhere as a reader of a terminal or a log may see it: what would not show, or change what does, stands
 * there by its number, and nothing in it is taken for a command.
 */
export function visible(text: string): string {
  const shown = text.replace(INVISIBLE, numbered);
  return COMMAND.test(shown) ? shown.replace(/[:#]/, numbered) : shown;
}

/** JSON in which everything shows, and that means the same. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(
    /[`\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?!\n)\p{Cc}/gu,
    (character) =>
      Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
        .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
        .join(''),
  );
}

function numbered(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
