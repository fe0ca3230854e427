import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ReadError } from '../core/model/read-error';
import { packageVersion } from '../core/version';
import { type Config, type Profile, PROFILES } from '../rules/config/config';
import { findConfig } from '../rules/config/read-config';
import { selectRules } from '../rules/config/select-rules';
import { judge } from '../rules/judge';
import { JUDGEMENT_RULES } from '../rules/judgement-rules';
import { baselineOf, compare, readBaseline } from '../rules/report/baseline';
import { jsonReport } from '../rules/report/json';
import { markdownReport } from '../rules/report/markdown';
import { combined, failed, type Report } from '../rules/report/report';
import { sarifReport } from '../rules/report/sarif';
import { textReport } from '../rules/report/text';
import { type Rule } from '../rules/rule';
import { RULES } from '../rules/rules/registry';
import { type Io, Progress, UsageError } from './io';
import { readPath } from './read-path';

const HELP = `lintel check PATH...

Judges a cloud assembly (cdk.out), template files, a directory of templates, or a Pulumi project (its directory,
Pulumi.yaml, or the Pulumi.<stack>.yaml of one stack), whose program is run offline, by all rules.

  --format text|json|sarif|markdown   how the report is written (text)
  --profile essential|all             the rules: those on what breaks or exposes, or all of them (all)
  --fail-on unknown|warning|error     from what on a finding makes exit 1 (warning); unknown: also what is known
                                      only at deployment
  --allow-unread                      what was not read does not make exit 2
  --baseline FILE                     findings in FILE do not count; those that are gone are named
  --write-baseline FILE               write the findings to FILE and exit 0

A lintel.yaml, in the working directory or above it, has 'profile', 'rules' (each 'error', 'warning' or 'off'), 'ignore'
(paths) and 'access' (accepted changes).

Exit 0: clean. Exit 1: findings. Exit 2: something could not be judged or was not read, which is never clean.
Standard output holds the report and nothing else.
`;

const FORMATS = ['text', 'json', 'sarif', 'markdown'] as const;
type Format = (typeof FORMATS)[number];
const KNOWN = RULES.map(({ id }) => id);
const FAIL_ON = ['unknown', 'warning', 'error'] as const;

interface Options {
  readonly paths: readonly string[];
  readonly format: Format;
  readonly profile?: Profile;
  readonly failOn: (typeof FAIL_ON)[number];
  readonly allowUnread: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
}

/** `lintel check`: judges paths by the rules and prints the report. */
export async function check(argv: readonly string[], io: Io): Promise<number> {
  const options = parse(argv);
  if (options === undefined) {
    io.out(HELP);
    return 0;
  }
  // Before the work, so that a wrong path costs nothing.
  const baseline = options.baseline === undefined ? undefined : readBaseline(options.baseline);
  const config = findConfig(process.cwd(), KNOWN);
  const rules = selectRules(RULES, { config, profile: options.profile });
  const progress = new Progress(io);
  const reports: Report[] = [];
  const judging = { rules, config, progress, among: options.paths };
  for (const path of options.paths) reports.push(await judgePath(path, judging));
  const judged = combined(reports);
  const { report, fixed } = baseline ? compare(judged, baseline) : { report: judged, fixed: [] };
  io.out(printed(report, rules, options.format, io));
  for (const { message } of report.failures) io.note(message);
  if (fixed.length > 0)
    io.note(`fixed since ${options.baseline} was written:\n${fixed.map((id) => `  ${id}`).join('\n')}`);
  if (options.writeBaseline !== undefined) {
    writeFileSync(options.writeBaseline, baselineOf(judged));
    io.note(`wrote ${judged.findings.length} findings to ${options.writeBaseline}`);
  }
  return exitCode(report, options);
}

/** What all paths of a call share. */
interface Judging {
  readonly rules: readonly Rule[];
  readonly config?: Config;
  readonly progress: Progress;
  readonly among: readonly string[];
}

async function judgePath(path: string, { rules, config, progress, among }: Judging): Promise<Report> {
  try {
    progress.step(`reading ${path}`);
    const model = await readPath(path, { ignores: (file) => config?.ignores(file) === true, among });
    const templates = new Set(
      [...model.templates.values()]
        .filter(({ file }) => file === undefined || config?.ignores(file) !== true)
        .map(({ name }) => name),
    );
    if (templates.size === 0)
      throw new ReadError(path, `is ignored by ${config?.file}`, "name another path, or take it out of 'ignore'");
    progress.step(`judging ${model.resources.size} resources of ${path}`);
    return judge(model, { rules, known: KNOWN, templates });
  } catch (error) {
    if (error instanceof ReadError) return failed({ template: error.file, message: error.message });
    throw error;
  }
}

function printed(report: Report, rules: readonly Rule[], format: Format, { colour }: Io): string {
  switch (format) {
    case 'json':
      return jsonReport(report);
    case 'markdown':
      return markdownReport(report);
    case 'sarif':
      return sarifReport(report, { rules: [...rules, ...JUDGEMENT_RULES], version: packageVersion() });
    case 'text':
      return textReport(report, { colour });
  }
}

/**
 * A warning is a finding too: clean means that there is nothing to say. Who sees it otherwise asks for `error`. What was
 * not read may hold anything, so it weighs more than what was found.
 */
function exitCode({ summary, failures }: Report, { failOn, allowUnread, writeBaseline }: Options): number {
  if (failures.length > 0 || (summary.unread > 0 && !allowUnread)) return 2;
  if (writeBaseline !== undefined) return 0;
  const counted =
    summary.errors + (failOn === 'error' ? 0 : summary.warnings) + (failOn === 'unknown' ? summary.unknown : 0);
  return counted > 0 ? 1 : 0;
}

/** The options; undefined where help is asked for. */
function parse(argv: readonly string[]): Options | undefined {
  const { values, positionals } = parsed(argv);
  if (values.help === true) return undefined;
  if (positionals.length === 0) throw new UsageError('name at least one path');
  const { format = 'text', 'fail-on': failOn = 'warning' } = values;
  return {
    paths: positionals,
    format: oneOf('--format', format, FORMATS),
    profile: values.profile === undefined ? undefined : oneOf('--profile', values.profile, PROFILES),
    failOn: oneOf('--fail-on', failOn, FAIL_ON),
    allowUnread: values['allow-unread'] === true,
    baseline: values.baseline,
    writeBaseline: values['write-baseline'],
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        format: { type: 'string' },
        profile: { type: 'string' },
        'fail-on': { type: 'string' },
        'allow-unread': { type: 'boolean' },
        baseline: { type: 'string' },
        'write-baseline': { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new UsageError(`'${option}' must be one of ${allowed.join(', ')}, got '${value}'`);
  return found;
}
