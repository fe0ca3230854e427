import { type AccessChange, type AccessDiff } from '../diff';
import { type AccessMatrix } from '../matrix';
import { type NarrowedAccess } from '../narrow';
import { codeInMarkdown, inMarkdown } from '../../core/markdown';
import { visibleJson } from '../../core/visible';
import { grantInWords, principalInWords } from './actions';
import { changed, details, level, NEVER_RAN } from './text';

/** The matrix as a table of Markdown. */
export function matrixMarkdown({ entries, unknownActions }: AccessMatrix): string {
  const rows = entries.map((entry) => [
    principalInWords(entry.principal),
    entry.resource,
    level(entry),
    details(entry),
  ]);
  const unknown = unknownActions.map(
    ({ action, policies }) => `- ${codeInMarkdown(action)} is no action of AWS (${inMarkdown(policies.join(', '))})`,
  );
  const body =
    rows.length === 0 ? ['Nobody is granted anything.'] : table(['Who', 'Resource', 'Access', 'Actions'], rows);
  return lines(['## Access', '', ...body, ...(unknown.length > 0 ? ['', ...unknown] : [])]);
}

/** What widened and what narrowed, as Markdown for a pull request. */
export function diffMarkdown({ widened, narrowed }: AccessDiff): string {
  const part = (title: string, changes: readonly AccessChange[]) => {
    if (changes.length === 0) return [`**Nothing ${title}.**`];
    const rows = changes.map((change) => [
      principalInWords(change.principal),
      change.resource,
      change.reason,
      changed(change),
    ]);
    return [`**${changes.length} ${title}**`, '', ...table(['Who', 'Resource', 'Why', 'Actions'], rows)];
  };
  return lines(['## Access', '', ...part('widened', widened), '', ...part('narrowed', narrowed)]);
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
  return [row(titles), row(titles.map(() => '---')), ...rows.map((cells) => row(cells.map(inMarkdown)))];
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
