import type { AccessMatrix } from '../matrix';
import type { NarrowedAccess } from '../narrow';
import { codeInMarkdown, inMarkdown } from '../../core/markdown';
import { visibleJson } from '../../core/visible';
import type { ReviewedDiff } from '../review';
import { grantInWords, principalInWords } from './actions';
import { changed, details, level, NEVER_RAN, sectionsOf } from './text';

/** A pull request comment is limited to 65,536 characters; more rows than this would not help its reader either. */
const MAX_ROWS = 100;

/** The matrix as a table of Markdown. */
export function matrixMarkdown({ entries, unknownActions }: AccessMatrix): string {
  const rows = entries.map((entry) => [
    principalInWords(entry.principal),
    entry.resource,
    level(entry),
    details(entry),
  ]);
  const unknown = unknownActions.map(
    ({ action, policies }) => `- ${codeInMarkdown(action)} is not an AWS action (${inMarkdown(policies.join(', '))})`,
  );
  const body =
    rows.length === 0 ? ['Nobody is granted anything.'] : table(['Who', 'Resource', 'Access', 'Actions'], rows);
  return lines(['## Access', '', ...body, ...(unknown.length > 0 ? ['', ...unknown] : [])]);
}

/** What widened and what narrowed, as Markdown for a pull request. */
export function diffMarkdown(diff: ReviewedDiff): string {
  const parts = sectionsOf(diff).flatMap(({ title, changes, notes }) => {
    if (changes.length === 0) return ['', `**Nothing ${title}.**`];
    const rows = changes.map((change) => [
      principalInWords(change.principal),
      change.resource,
      notes?.get(change) ?? change.reason,
      changed(change),
    ]);
    return ['', `**${changes.length} ${title}**`, '', ...table(['Who', 'Resource', 'Why', 'Actions'], rows)];
  });
  const ids = [...diff.widened, ...diff.review].map(
    ({ id, principal, resource }) =>
      `- ${codeInMarkdown(id)}: ${inMarkdown(`${principalInWords(principal)}, ${resource}`)}`,
  );
  const accepting =
    ids.length === 0
      ? []
      : [
          '',
          '<details><summary>To accept, by id</summary>',
          '',
          ...ids.slice(0, MAX_ROWS),
          ...more(ids),
          '',
          '</details>',
        ];
  const stale = diff.stale.map(
    ({ accepted, problem }) => `- accepted ${codeInMarkdown(accepted.change)} ${inMarkdown(problem)}`,
  );
  return lines(['## Access', ...parts, ...accepting, ...(stale.length > 0 ? ['', ...stale] : [])]);
}

/** What was never used, and the policies to write, as Markdown. */
export function narrowedMarkdown(functions: readonly NarrowedAccess[]): string {
  const parts = functions.flatMap(({ principal, ran, unused, policy }) => {
    if (!ran) return [`### ${inMarkdown(principalInWords(principal))}`, '', `Nothing: ${NEVER_RAN}.`, ''];
    const rows = unused.map((item) => [item.resource, grantInWords(item)]);
    if (rows.length === 0)
      return [`### ${inMarkdown(principalInWords(principal))}`, '', 'Everything granted was used.', ''];
    const document = ['```json', visibleJson(policy), '```'];
    return [
      `### ${inMarkdown(principalInWords(principal))}`,
      '',
      ...table(['Never used', 'Actions'], rows),
      '',
      'Policy to write:',
      '',
      ...document,
      '',
    ];
  });
  return lines(['## Unused access', '', ...parts]).replace(/\n+$/, '\n');
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const shown = rows.slice(0, MAX_ROWS).map((cells) => row(cells.map(inMarkdown)));
  return [row(titles), row(titles.map(() => '---')), ...shown, ...more(rows)];
}

function more(rows: readonly unknown[]): readonly string[] {
  return rows.length > MAX_ROWS ? ['', `... and ${rows.length - MAX_ROWS} more.`] : [];
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
