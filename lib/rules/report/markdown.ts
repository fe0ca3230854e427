import { codeInMarkdown, inMarkdown } from '../../core/markdown';
import {
  acknowledgedLines,
  fileAndLine,
  places,
  statement,
  subject,
  summaryLine,
  unjudgedLines,
  unknownLines,
  unreadGroups,
  validatorLine,
} from './grouped';
import type { Report, ReportedFinding } from './report';

/** A pull request comment holds 65,536 characters, and more rows would not help the reader. */
const MAX_ROWS = 100;

/** The report for a pull request comment: a table of findings, and the rest folded away. */
export function markdownReport(report: Report): string {
  const { summary, findings, unknown, unread, acknowledged, failures, unjudged } = report;
  const sorted = [...findings].sort(
    (one, other) => Number(other.severity === 'error') - Number(one.severity === 'error'),
  );
  const blocks = [
    `### Lintel: ${summaryLine(summary)}`,
    failures.length === 0
      ? ''
      : [
          '**Not judged, so this report is incomplete:**',
          '',
          ...failures.map(({ message }) => `- ${inMarkdown(message)}`),
        ].join('\n'),
    findings.length === 0 ? '' : table(sorted),
    ...unreadGroups(unread).map(({ title, lines }) => listed(title, lines)),
    ...unjudgedLines(unjudged).map(inMarkdown),
    folded(`${summary.unknown} unknown: known only at deployment`, unknownLines(unknown)),
    folded(`${acknowledged.length} acknowledged`, acknowledgedLines(acknowledged)),
    inMarkdown(validatorLine(report)),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function table(findings: readonly ReportedFinding[]): string {
  const rows = findings.slice(0, MAX_ROWS).map((finding) => {
    const [place] = places(finding);
    const where = `${codeInMarkdown(subject(finding))}${place ? `<br>${codeInMarkdown(fileAndLine(place))}` : ''}`;
    const what = statement({
      message: inMarkdown(finding.message),
      property: finding.property && codeInMarkdown(finding.property),
    });
    return `| ${finding.severity} | ${finding.rule} | ${where} | ${what} | ${inMarkdown(finding.remedy ?? '')} |`;
  });
  const left = findings.length - rows.length;
  return [
    '| | Rule | Where | What | What to do |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...(left > 0 ? ['', `... and ${left} more.`] : []),
  ].join('\n');
}

/** Not folded away: a reader who misses it would take the report for complete. */
function listed(title: string, lines: readonly string[]): string {
  const left = lines.length - MAX_ROWS;
  return [
    `**${title}**`,
    '',
    ...lines.slice(0, MAX_ROWS).map((line) => `- ${inMarkdown(line)}`),
    ...(left > 0 ? [`- ... and ${left} more`] : []),
  ].join('\n');
}

function folded(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const shown = lines.slice(0, MAX_ROWS).map((line) => `- ${inMarkdown(line)}`);
  const left = lines.length - shown.length;
  return [
    `<details><summary>${title}</summary>`,
    '',
    ...shown,
    ...(left > 0 ? [`- ... and ${left} more`] : []),
    '',
    '</details>',
  ].join('\n');
}
