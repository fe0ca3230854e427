import { visible } from './visible';

/** Breaks a word without being seen: what GitHub would turn into a link or a mention stays text. */
const BREAK = '\u200b';

/**
 * A text from elsewhere, as text of Markdown: no markup, no HTML, no column of a table, no line break, no link, no mention
 * of a person and no reference to an issue or a commit.
 */
export function inMarkdown(text: string): string {
  return visible(text.replace(/[\r\n\t]+/g, ' '))
    .replace(/&/g, '&amp;')
    .replace(/[\\`*_{}[\]<>|#~$]/g, '\\$&')
    .replace(/^(\s*)([-+=]|\d+(?=[.)]))/, `$1${BREAK}$2`)
    .replace(/@/g, `@${BREAK}`)
    .replace(/#(?=\d)/g, `#${BREAK}`)
    .replace(/\b(GH)-(?=\d)/gi, `$1-${BREAK}`)
    .replace(/:(?=\/\/)/g, `:${BREAK}`)
    .replace(/\b(www)\.(?=\S)/gi, `$1${BREAK}.`)
    .replace(/\b[0-9a-f]{7,64}\b/gi, (word) => `${word.slice(0, 3)}${BREAK}${word.slice(3)}`)
    .replace(/ {2,}/g, ' ');
}

/** A text from elsewhere, as code of Markdown. */
export function codeInMarkdown(text: string): string {
  const shown = visible(text.replace(/[\r\n\t]+/g, ' '))
    .replace(/`/g, "'")
    .replace(/\|/g, '\\|')
    .replace(/ {2,}/g, ' ');
  return `\`${shown}\``;
}
