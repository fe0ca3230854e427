import { acknowledgedLines, fileAndLine, groupBy, places, subject, summaryLine, unknownLines } from './grouped';
import { type Report, type ReportedFinding } from './report';

/** How a report is printed. */
export interface TextOptions {
  /**
   * Whether to colour it.
   * @default false
   */
  readonly colour?: boolean;
}

type Paint = (code: number, text: string) => string;
const RED = 31;
const YELLOW = 33;
const CYAN = 36;
const BOLD = 1;
const DIM = 2;

/** The report for a person: by resource, what is wrong and what to do; then what is unknown and what is acknowledged. */
export function textReport(report: Report, { colour = false }: TextOptions = {}): string {
  const paint: Paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const { findings, unknown, acknowledged, failures, summary } = report;
  const blocks = [
    ...[...groupBy(findings, subject)].map(([name, group]) => block(name, group, paint)),
    section('Unknown: known only at deployment, so not judged', unknownLines(unknown), paint),
    section('Acknowledged', acknowledgedLines(acknowledged), paint),
    section(
      'Not judged',
      failures.map(({ template, message }) =>
        paint(RED, message.startsWith(template) ? message : `${template}: ${message}`),
      ),
      paint,
    ),
    paint(BOLD, failures.length > 0 ? `${summaryLine(summary)}; incomplete` : summaryLine(summary)),
  ];
  return `${blocks.filter((lines) => lines !== '').join('\n\n')}\n`;
}

function block(name: string, group: readonly ReportedFinding[], paint: Paint): string {
  const where = [...new Set(group.flatMap(places).map(fileAndLine))].slice(0, 3);
  const heading = paint(BOLD, name) + (where.length > 0 ? paint(DIM, `  ${where.join('  ')}`) : '');
  const width = Math.max(...group.map(({ rule }) => rule.length));
  const lines = group.flatMap(({ severity, rule, property, message, remedy }) => [
    `  ${paint(severity === 'error' ? RED : YELLOW, severity.padEnd(7))}  ${rule.padEnd(width)}  ${property ? `${paint(CYAN, property)} ` : ''}${message}`,
    ...(remedy ? [`${' '.repeat(width + 13)}${paint(DIM, `-> ${remedy}`)}`] : []),
  ]);
  return [heading, ...lines].join('\n');
}

function section(title: string, lines: readonly string[], paint: Paint): string {
  return lines.length === 0 ? '' : [paint(BOLD, title), ...lines.map((line) => `  ${line}`)].join('\n');
}
