import { visible } from '../../core/visible';
import {
  acknowledgedLines,
  fileAndLine,
  fromHere,
  groupBy,
  statement,
  subject,
  summaryLine,
  unjudgedLines,
  unknownLines,
  unreadGroups,
  validatorLine,
} from './grouped';
import type { Report, ReportedFinding } from './report';

/** How to print a report. */
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

/** The report for people: by resource, what is wrong and what to do; then unknown and acknowledged. */
export function textReport(report: Report, { colour = false }: TextOptions = {}): string {
  const paint: Paint = (code, text) => (colour && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text);
  const { findings, unknown, unread, acknowledged, failures, unjudged, summary } = report;
  const blocks = [
    ...[...groupBy(findings, subject)].map(([name, group]) => block(name, group, paint)),
    ...unreadGroups(unread).map(({ title, lines }) => section(title, lines, paint)),
    section('Unknown: known only at deployment, so not judged', unknownLines(unknown), paint),
    section('Acknowledged', acknowledgedLines(acknowledged), paint),
    section(
      'Not judged',
      failures.map(({ template, message }) => (message.startsWith(template) ? message : `${template}: ${message}`)),
      paint,
      RED,
    ),
    unjudgedLines(unjudged).map(visible).join('\n'),
    paint(DIM, validatorLine(report)),
    paint(BOLD, failures.length + unread.length > 0 ? `${summaryLine(summary)}; incomplete` : summaryLine(summary)),
  ];
  return `${blocks.filter((lines) => lines !== '').join('\n\n')}\n`;
}

/** One resource: where it is, then each finding with its line in the template. */
function block(name: string, group: readonly ReportedFinding[], paint: Paint): string {
  const [{ origin }] = group as readonly [ReportedFinding];
  const lines = group.map(({ location }) => location);
  const file = lines.find((place) => place !== undefined)?.file;
  const where = [origin && fileAndLine(origin), file !== undefined && !name.endsWith(fromHere(file)) && fromHere(file)];
  const shown = visible(where.filter((place) => typeof place === 'string').join(', '));
  const lineWidth = Math.max(...lines.map((place) => String(place?.line ?? '').length));
  const ruleWidth = Math.max(...group.map(({ rule }) => rule.length));
  const findings = group.flatMap(({ severity, rule, property, message, remedy }, index) => {
    const line = paint(DIM, String(lines[index]?.line ?? '').padStart(lineWidth));
    const level = paint(severity === 'error' ? RED : YELLOW, severity.padEnd(7));
    const what = statement({ message: visible(message), property: property && paint(CYAN, visible(property)) });
    return [
      `  ${line}  ${level}  ${rule.padEnd(ruleWidth)}  ${what}`,
      ...(remedy ? [`${' '.repeat(lineWidth + ruleWidth + 15)}${paint(DIM, `-> ${visible(remedy)}`)}`] : []),
    ];
  });
  return [`${paint(BOLD, name)}${shown ? paint(DIM, `  ${shown}`) : ''}`, ...findings].join('\n');
}

function section(title: string, lines: readonly string[], paint: Paint, colour?: number): string {
  const shown = lines.map(visible).map((line) => `  ${colour === undefined ? line : paint(colour, line)}`);
  return lines.length === 0 ? '' : [paint(BOLD, title), ...shown].join('\n');
}
