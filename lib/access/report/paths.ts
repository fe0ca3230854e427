import { codeInMarkdown, inMarkdown } from '../../core/markdown';
import type { AccessPath } from '../paths';
import { principalInWords } from './actions';
import { wrap } from './table';
import { grouped, type TextStyle } from './text';

const NONE = 'nobody can reach more than their own policies grant';

/** Paths to more access for a terminal: each principal, and below it the steps to each end. */
export function pathsText(paths: readonly AccessPath[], { width, colour }: TextStyle): string {
  if (paths.length === 0) return `${NONE}\n`;
  const lines = grouped(paths).flatMap(([principal, own]) => [
    ...wrap(principalInWords(principal), width).map((line) => (colour ? `\u001b[1m${line}\u001b[22m` : line)),
    ...own.flatMap((path) => [
      ...indented(`to ${endInWords(path)}:`, 2, width),
      ...path.steps.flatMap((step, index) => indented(`${index + 1}. ${stepInWords(step)}`, 4, width)),
    ]),
  ]);
  return `${lines.join('\n')}\n`;
}

/** The ways to more access as Markdown. */
export function pathsMarkdown(paths: readonly AccessPath[]): string {
  const blocks = paths.flatMap((path) => [
    `**${inMarkdown(principalInWords(path.principal))}** to **${inMarkdown(endInWords(path))}**`,
    '',
    ...path.steps.map((step, index) => `${index + 1}. ${codeInMarkdown(stepInWords(step))}`),
    '',
  ]);
  const body = paths.length === 0 ? [`${NONE.replace(/^n/, 'N')}.`] : blocks.slice(0, -1);
  return `${['## Paths to more access', '', ...body].join('\n')}\n`;
}

function endInWords({ end }: AccessPath): string {
  return end ? `what ${principalInWords(end)} may do` : 'every permission';
}

function stepInWords({ does, actions, conditions }: AccessPath['steps'][number]): string {
  const end = conditions.length > 0 ? `, if ${conditions.join(' and ')}` : '';
  return `${does} (${actions.join(', ')})${end}`;
}

function indented(text: string, by: number, width: number): readonly string[] {
  return wrap(text, width - by).map((line) => ' '.repeat(by) + line);
}
