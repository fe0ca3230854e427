import path from 'node:path';
import { type SourceLocation } from '../../core/model/model';
import { type Rule } from '../rule';
import { fromHere, statement, subject, unjudgedLines } from './grouped';
import { type AcknowledgedFinding, type Report, type ReportedFinding } from './report';

/** What the report is written for. */
export interface SarifOptions {
  /** The rules that were run, and those about the judgement itself. */
  readonly rules: readonly Omit<Rule, 'check'>[];
  /** Version of this package. */
  readonly version: string;
}

/**
 * The report as SARIF 2.1.0 for code scanning. A finding stands where the program made the resource, with the line of
 * the template as a related place; where only the template is known, it stands there.
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
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Lintel', semanticVersion: version, rules: listed.map(descriptor) } },
        invocations: [
          {
            executionSuccessful: report.failures.length === 0,
            toolExecutionNotifications: [
              ...report.failures.map(({ message }) => ({ level: 'error', message: { text: message } })),
              ...report.unread.map((finding) => ({
                level: 'warning',
                message: { text: `not read: ${sentence(finding)}` },
              })),
              ...unjudgedLines(report.unjudged).map((text) => ({ level: 'note', message: { text } })),
            ],
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: [
          ...report.findings.map(result),
          ...[...report.unknown, ...report.unread].map((finding) => ({
            ...result(finding),
            kind: 'open',
            level: 'none',
          })),
          ...report.acknowledged.map((finding) => ({ ...result(finding), suppressions: [suppression(finding)] })),
        ],
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function descriptor({ id, severity, title, why, fix, source }: Omit<Rule, 'check'>): object {
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why} ${sentenceCase(fix)}.`, markdown: `${why}\n\n${sentenceCase(fix)}.\n\n[Source](${source})` },
    helpUri: source,
    defaultConfiguration: { level: severity },
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

function placesOf({ path: construct, resource, origin, location }: ReportedFinding): object {
  const [main, ...related] = [origin, location].filter((place) => place !== undefined).map(physicalLocation);
  const logical = construct ?? resource;
  const logicalLocations = logical ? [{ fullyQualifiedName: logical, kind: 'resource' }] : undefined;
  return {
    locations: main || logicalLocations ? [{ physicalLocation: main, logicalLocations }] : [],
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

/** Code scanning finds files by their path in the repository, which is where the command runs. */
function uriOf(file: string): string {
  const relative = fromHere(file).split(path.sep).join('/');
  const encoded = relative.split('/').map(encodeURIComponent).join('/');
  return relative.startsWith('../') || path.isAbsolute(relative)
    ? `file://${path.resolve(file).split(path.sep).map(encodeURIComponent).join('/')}`
    : encoded;
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
