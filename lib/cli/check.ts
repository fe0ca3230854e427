import { writeFileSync } from 'node:fs';
import type { Model } from '../core/model/model';
import { ReadError } from '../core/model/read-error';
import { packageVersion } from '../core/version';
import { visible } from '../core/visible';
import { type Profile, PROFILES } from '../rules/config/config';
import { findConfig } from '../rules/config/read-config';
import { selectRules } from '../rules/config/select-rules';
import { judge } from '../rules/judge';
import { JUDGEMENT_RULES } from '../rules/judgement-rules';
import { officialRules } from '../rules/official/official-rules';
import { withoutTwins } from '../rules/official/same-fault';
import {
  findValidator,
  type Found,
  isTemplateFile,
  OfficialValidator,
  type Validation,
} from '../rules/official/validator';
import { baselineOf, compare, readBaseline } from '../rules/report/baseline';
import { jsonReport } from '../rules/report/json';
import { markdownReport } from '../rules/report/markdown';
import { combined, failed, type Report, type ReportedFailure, type ReportedValidator } from '../rules/report/report';
import { leftOut, sarifReport, tooMany } from '../rules/report/sarif';
import { textReport } from '../rules/report/text';
import type { Rule } from '../rules/rule';
import { RULES } from '../rules/rules/registry';
import { type Io, Progress, UsageError } from './io';
import { readPath } from './read-path';
import { optionsOf } from './options';

const OPTIONS = {
  format: { type: 'string' },
  profile: { type: 'string' },
  'no-validate': { type: 'boolean' },
  'fail-on': { type: 'string' },
  'allow-unread': { type: 'boolean' },
  baseline: { type: 'string' },
  'write-baseline': { type: 'string' },
} as const;

const HELP = `lintel check PATH...

Checks a cloud assembly (cdk.out), template files, a directory of templates, or
a Pulumi project (its directory, Pulumi.yaml, or the Pulumi.<stack>.yaml of one
stack) against all rules. A Pulumi program is run offline.

  --format FORMAT        text, json, sarif or markdown (text)
  --profile PROFILE      essential: the rules on what breaks or exposes; or all
                         (all)
  --fail-on SEVERITY     lowest severity that means exit 1: error, warning, or
                         unknown, which includes values known only at deployment
                         (warning)
  --allow-unread         do not exit with 2 for what was not read
  --baseline FILE        findings in FILE do not count; fixed ones are listed
  --write-baseline FILE  write the findings to FILE and exit 0
  --no-validate          do not run CloudFormation's own validator, which
                         comes with aws-cdk-lib

A lintel.yaml, in the working directory or above it, sets 'profile', 'rules'
(each 'error', 'warning' or 'off'), 'ignore' (paths) and 'access' (accepted
changes).

Examples:
  npx lintel check cdk.out
  npx lintel check template.yaml --profile essential
  npx lintel check cdk.out --format sarif > lintel.sarif

Exit 0: clean. Exit 1: findings. Exit 2: something could not be judged or was
not read, which never counts as clean. Standard output has only the report.
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
  readonly validate: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
}

/** `lintel check`: checks paths against the rules and prints the report. */
export async function check(argv: readonly string[], io: Io): Promise<number> {
  const options = parse(argv);
  if (options === undefined) {
    io.out(HELP);
    return 0;
  }
  // First, so that a wrong path fails at once.
  const baseline = options.baseline === undefined ? undefined : readBaseline(options.baseline);
  const checking = new Checking(options, new Progress(io));
  const { judged, rules } = await checking.paths(options.paths);
  const { report, fixed } = baseline ? compare(judged, baseline) : { report: judged, fixed: [] };
  io.out(printed(report, rules, options.format, io));
  for (const { message } of report.failures) io.note(visible(message));
  if (options.format === 'sarif' && leftOut(report) > 0) io.note(tooMany(leftOut(report)));
  if (fixed.length > 0)
    io.note(`fixed since ${options.baseline} was written:\n${fixed.map((id) => `  ${visible(id)}`).join('\n')}`);
  if (options.writeBaseline !== undefined) {
    writeFileSync(options.writeBaseline, baselineOf(judged));
    const known = judged.findings.filter(({ tool }) => tool === undefined);
    io.note(`wrote ${known.length} findings to ${options.writeBaseline}`);
  }
  return exitCode(report, options);
}

/** One run over several paths: the selected rules, and the official validator. */
class Checking {
  private readonly config = findConfig(process.cwd(), KNOWN);
  private readonly found: Found;
  private readonly official?: OfficialValidator;
  private readonly profile: Profile | undefined;
  private readonly among: readonly string[];
  private readonly rulesById = new Map<string, Rule>();
  private validator: ReportedValidator | undefined;

  constructor(
    { profile, validate, paths }: Options,
    private readonly progress: Progress,
  ) {
    this.profile = profile;
    this.among = paths;
    this.found = validate ? findValidator(process.cwd()) : { missing: '--no-validate was given' };
    // It takes seconds to start, so it starts while the templates are read.
    if ('module' in this.found) this.official = new OfficialValidator(this.found.module);
  }

  /** The report on all paths, and the rules that were run. */
  async paths(paths: readonly string[]): Promise<{ judged: Report; rules: readonly Rule[] }> {
    const reports: Report[] = [];
    try {
      for (const path of paths) reports.push(await this.path(path));
    } finally {
      await this.official?.end();
    }
    const judged = combined(reports);
    return {
      judged: this.validator ? { ...judged, validator: this.validator } : judged,
      rules: [...this.rulesById.values()],
    };
  }

  private async path(path: string): Promise<Report> {
    try {
      if (this.config?.ignores(path)) throw ignored(path, this.config.file);
      this.progress.step(`reading ${path}`);
      const model = await readPath(path, { ignores: (file) => this.config?.ignores(file) === true, among: this.among });
      const templates = this.templatesIn(model, path);
      this.progress.step(`judging ${model.resources.size} resources of ${path}`);
      const { rules: validated, failures } = await this.validated(model, templates);
      const rules = selectRules([...RULES, ...validated], { config: this.config, profile: this.profile });
      for (const rule of rules) this.rulesById.set(rule.id, rule);
      const report = withoutTwins(judge(model, { rules, known: KNOWN, templates }));
      return { ...report, failures: [...report.failures, ...failures] };
    } catch (error) {
      if (error instanceof ReadError) return failed({ template: error.file, message: error.message });
      throw error;
    }
  }

  private templatesIn(model: Model, path: string): ReadonlySet<string> {
    const judged = [...model.templates.values()].filter(({ file }) => !file || this.config?.ignores(file) !== true);
    if (judged.length > 0) return new Set(judged.map(({ name }) => name));
    throw ignored(path, this.config?.file);
  }

  private async validated(
    model: Model,
    templates: ReadonlySet<string>,
  ): Promise<{ rules: readonly Rule[]; failures: readonly ReportedFailure[] }> {
    if (![...model.templates.values()].some(isTemplateFile)) return { rules: [], failures: [] };
    if (!this.official) {
      this.validator = this.found as { missing: string };
      return { rules: [], failures: [] };
    }
    let validation: Validation;
    try {
      validation = await this.official.validate(model, templates);
    } catch (error) {
      const message = `CloudFormation's own validator did not start: ${String(error)}; turn it off with --no-validate`;
      return { rules: [], failures: [{ template: [...templates].join(', '), message }] };
    }
    this.validator = { version: validation.version };
    const failures = validation.failures.map(({ template, message }) => ({
      template: model.templates.get(template)?.file ?? template,
      message: `CloudFormation's own validator failed on ${template}: ${message}; turn it off with --no-validate`,
    }));
    return { rules: officialRules(validation), failures };
  }
}

function ignored(path: string, by: string | undefined): ReadError {
  return new ReadError(path, `is ignored by ${by}`, "name another path, or remove it from 'ignore'");
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
 * A warning is a finding too: clean means no findings at all, unless `--fail-on error` is given. Something unread may
 * hold anything, so it outranks findings.
 */
function exitCode({ summary, failures }: Report, { failOn, allowUnread, writeBaseline }: Options): number {
  if (failures.length > 0 || (summary.unread > 0 && !allowUnread)) return 2;
  if (writeBaseline !== undefined) return 0;
  const counted =
    summary.errors + (failOn === 'error' ? 0 : summary.warnings) + (failOn === 'unknown' ? summary.unknown : 0);
  return counted > 0 ? 1 : 0;
}

/** The options; undefined for --help. */
function parse(argv: readonly string[]): Options | undefined {
  const { values, positionals } = optionsOf(argv, OPTIONS);
  if (values.help === true) return undefined;
  if (positionals.length === 0) throw new UsageError('name at least one path');
  const { format = 'text', 'fail-on': failOn = 'warning' } = values;
  return {
    paths: positionals,
    format: oneOf('--format', format, FORMATS),
    profile: values.profile === undefined ? undefined : oneOf('--profile', values.profile, PROFILES),
    failOn: oneOf('--fail-on', failOn, FAIL_ON),
    allowUnread: values['allow-unread'] === true,
    validate: values['no-validate'] !== true,
    baseline: values.baseline,
    writeBaseline: values['write-baseline'],
  };
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new UsageError(`'${option}' must be one of ${allowed.join(', ')}, got '${value}'`);
  return found;
}
