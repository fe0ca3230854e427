import { visibleJson } from '../../core/visible';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SourceLocation } from '../../core/model/model';
import type { Rule } from '../rule';
import { VALIDATOR } from '../official/validator';
import { fromHere, statement, subject, unjudgedLines, validatorLine } from './grouped';
import type { AcknowledgedFinding, Report, ReportedFinding } from './report';
import { unknownGroups } from './unknown-groups';

/** What the report needs besides its findings. */
export interface SarifOptions {
  /** The rules that ran, and those about the judgement itself. */
  readonly rules: readonly Omit<Rule, 'check'>[];
  /** Version of this package. */
  readonly version: string;
}

/** The number of results per run that code scanning keeps. */
const MAX_RESULTS = 5000;

/** The notice for a report with more results than are kept. */
export function tooMany(left: number): string {
  return `code scanning keeps ${MAX_RESULTS} results of a run: the ${left} that weigh least are left out`;
}

/** How many results of a report are left out of its SARIF. */
export function leftOut({ summary, findings, unread, acknowledged }: Report): number {
  return Math.max(0, findings.length + summary.unknown + unread.length + acknowledged.length - MAX_RESULTS);
}

/**
 * The report as SARIF 2.1.0 for code scanning. A finding is placed where the program made the resource, with the /
 * template's line as a related location; if only the template is known, it is placed there.
 */
export function sarifReport(report: Report, { rules, version }: SarifOptions): string {
  const named = new Set(
    [...report.findings, ...report.unknown, ...report.unread, ...report.acknowledged].map(({ rule }) => rule),
  );
  const listed = rules.filter(({ id }) => named.has(id));
  const index = new Map(listed.map(({ id }, position) => [id, position]));
  const result = (finding: ReportedFinding): object => ({
    ruleId: finding.rule,
    ruleIndex: index.get(finding.rule),
    kind: 'fail',
    level: finding.severity,
    message: { text: sentence(finding) },
    ...placesOf(finding),
    partialFingerprints: { 'lintel/v1': finding.id },
  });
  const results = [
    ...report.findings.map((finding) => ({ finding, extra: {} })),
    ...unknownGroups(report.unknown).map(({ first, rules }) => ({ finding: first, extra: open(first, rules) })),
    ...report.unread.map((finding) => ({ finding, extra: open(finding) })),
    ...report.acknowledged.map((finding) => ({ finding, extra: { suppressions: [suppression(finding)] } })),
  ].sort((one, other) => weight(one) - weight(other));
  const left = leftOut(report);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'Lintel', semanticVersion: version, rules: listed.map(descriptor) },
          ...(report.validator && 'version' in report.validator
            ? { extensions: [{ name: VALIDATOR, semanticVersion: report.validator.version }] }
            : {}),
        },
        invocations: [
          {
            executionSuccessful: report.failures.length === 0,
            toolExecutionNotifications: [
              ...report.failures.map(({ message }) => notification('error', message)),
              ...report.unread.map((finding) => notification('warning', `not read: ${sentence(finding)}`)),
              ...unjudgedLines(report.unjudged).map((text) => notification('note', text)),
              ...(report.validator && 'missing' in report.validator
                ? [notification('warning', validatorLine(report))]
                : []),
              ...(left > 0 ? [notification('warning', tooMany(left))] : []),
            ],
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: results.slice(0, MAX_RESULTS).map(({ finding, extra }) => ({ ...result(finding), ...extra })),
      },
    ],
  };
  return `${visibleJson(log)}\n`;
}

/** What was not judged, by one rule or by several. */
function open(finding: ReportedFinding, rules: readonly string[] = [finding.rule]): object {
  const others = rules.length > 1 ? ` (not judged by ${rules.join(', ')})` : '';
  return { kind: 'open', level: 'none', message: { text: `${sentence(finding)}${others}` } };
}

/** Errors first, then warnings, unknown verdicts, acknowledged findings. */
function weight({ finding, extra }: { finding: ReportedFinding; extra: object }): number {
  if ('suppressions' in extra) return 3;
  if ('kind' in extra) return 2;
  return finding.severity === 'error' ? 0 : 1;
}

function notification(level: string, text: string): object {
  return { level, message: { text } };
}

function descriptor({ id, severity, title, why, fix, source, tool }: Omit<Rule, 'check'>): object {
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why} ${sentenceCase(fix)}.`, markdown: `${why}\n\n${sentenceCase(fix)}.\n\n[Source](${source})` },
    helpUri: source,
    defaultConfiguration: { level: severity },
    ...(tool === undefined ? {} : { properties: { tags: [tool] } }),
  };
}

function sentence(finding: ReportedFinding): string {
  const { remedy } = finding;
  const text = `${subject(finding)}: ${statement(finding)}`;
  return remedy ? `${text}; ${remedy}` : text;
}

function suppression({ by, reason, expires }: AcknowledgedFinding): object {
  return {
    kind: by ? 'inSource' : 'external',
    status: 'accepted',
    justification: expires ? `${reason} (expires ${expires})` : reason,
  };
}

/** Code scanning refuses a whole report with a result that is in no file: without a place, it is at the template. */
function placesOf({ path: construct, resource, origin, location, template }: ReportedFinding): object {
  const known = [origin, location].filter((place) => place !== undefined);
  const [main, ...related] = (known.length > 0 ? known : [{ file: template, line: 1 }]).map(physicalLocation);
  const logical = construct ?? resource;
  const logicalLocations = logical ? [{ fullyQualifiedName: logical, kind: 'resource' }] : undefined;
  return {
    locations: [{ physicalLocation: main, logicalLocations }],
    ...(related.length > 0
      ? {
          relatedLocations: related.map((place) => ({ physicalLocation: place, message: { text: 'in the template' } })),
        }
      : {}),
  };
}

function physicalLocation({ file, line, column }: SourceLocation): object {
  return {
    artifactLocation: { uri: uriOf(file) },
    region: { startLine: line, startColumn: column },
  };
}

/** Code scanning needs paths relative to the repository, even if the command runs in a subfolder. */
function uriOf(file: string): string {
  const root = repositoryAround(process.cwd());
  const relative = (root === undefined ? fromHere(file) : path.relative(root, path.resolve(file)))
    .split(path.sep)
    .join('/');
  const encoded = relative.split('/').map(encodeURIComponent).join('/');
  return relative.startsWith('../') || path.isAbsolute(relative)
    ? `file://${path.resolve(file).split(path.sep).map(encodeURIComponent).join('/')}`
    : encoded;
}

/** The root of the repository around a folder. */
function repositoryAround(folder: string): string | undefined {
  for (let above = path.resolve(folder); ; above = path.dirname(above)) {
    if (existsSync(path.join(above, '.git'))) return above;
    if (above === path.dirname(above)) return undefined;
  }
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
