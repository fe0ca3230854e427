import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type AccessMatrix, accessMatrix } from '../access/matrix';
import { diffAccess } from '../access/diff';
import { narrowAccess, type NarrowedAccess, UnknownFunctionError, type UsageReport } from '../access/narrow';
import { accessPaths } from '../access/paths';
import { flowOf } from '../access/events/flow';
import { eventsMarkdown, eventsText } from '../access/report/events';
import { pathsMarkdown, pathsText } from '../access/report/paths';
import { DEFAULT_WIDTH } from '../access/report/table';
import { diffMarkdown, matrixMarkdown, narrowedMarkdown } from '../access/report/markdown';
import { diffText, matrixText, narrowedText, type TextStyle } from '../access/report/text';
import { review, type ReviewOptions } from '../access/review';
import { codeInMarkdown } from '../core/markdown';
import { ReadError } from '../core/model';
import type { Model } from '../core/model/model';
import { visible } from '../core/visible';
import { findConfig, readAcceptedChanges } from '../rules/config/read-config';
import { RULES } from '../rules/rules/registry';
import { type Io, Progress, UsageError } from './io';
import { readPath } from './read-path';
import { type Incomplete, incomplete, unreadSections } from './unread';
import { optionsOf } from './options';

const OPTIONS = {
  diff: { type: 'boolean' },
  paths: { type: 'boolean' },
  events: { type: 'boolean' },
  used: { type: 'string' },
  accept: { type: 'string' },
  'new-principals': { type: 'string' },
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
  'allow-unread': { type: 'boolean' },
} as const;

const HELP = `lintel access PATH...
lintel access --diff BASE HEAD
lintel access --paths PATH...
lintel access --events PATH...
lintel access --used REPORT PATH

Says who may do what, from the policies of a cloud assembly (cdk.out), template
files, a directory of templates or a Pulumi project.

  --diff BASE HEAD   what widened and what narrowed between two of them
  --accept FILE      with --diff: changes that were reviewed, a list of
                     { change, reason, expires } in YAML or JSON, beside
                     'access.accept' of lintel.yaml
  --new-principals refuse|review
                     with --diff: whether what a new resource may do counts, or
                     is only shown (refuse, or what 'access.newPrincipals' of
                     lintel.yaml says)
  --paths            who comes to more than his policies say: by roles that he
                     assumes or passes to something that he starts, by code,
                     trust or policies that he rewrites; a way to every
                     permission is exit 1
  --events           who tells whom what: who may publish which events, which
                     rules take them, whom they call in the end, and rounds in
                     which events may go; in Markdown as a diagram
  --used REPORT      what was never used, by the report of a local run, and the
                     policy to write instead
  --json             as JSON
  --markdown         as Markdown, for a pull request
  --allow-unread     what was not read does not make exit 2

Logs and traces of what is new, and routes that call a new function, are shown
apart and never count.

Examples:
  npx lintel access cdk.out
  npx lintel access --diff base/cdk.out cdk.out --markdown
  npx lintel access --events cdk.out

Exit 0: done, and nothing widened. Exit 1: access widened. Exit 2: something was
not read, so nobody can say. Standard output holds the report and nothing else.
`;

const KNOWN = RULES.map(({ id }) => id);

type Format = 'text' | 'json' | 'markdown';

interface Options {
  readonly paths: readonly string[];
  readonly diff: boolean;
  readonly escalation: boolean;
  readonly events: boolean;
  readonly used?: string;
  readonly format: Format;
  readonly allowUnread: boolean;
  readonly accept?: string;
  readonly newPrincipals?: 'refuse' | 'review';
}

/** `lintel access`: prints who may do what, what changed between two assemblies, or what was never used. */
export async function access(argv: readonly string[], io: Io): Promise<number> {
  const options = parse(argv);
  if (options === undefined) {
    io.out(HELP);
    return 0;
  }
  try {
    return await report(options, io);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    io.note(error.message);
    return 2;
  }
}

async function report(options: Options, io: Io): Promise<number> {
  const { paths, diff } = options;
  const progress = new Progress(io);
  const models: Model[] = [];
  const failures: ReadError[] = [];
  for (const place of paths) {
    progress.step(`reading ${place}`);
    try {
      // What is compared is named within itself, so that two checkouts of one program are equal.
      models.push(await readPath(place, diff ? { name: comparedName(paths) } : { among: paths }));
    } catch (error) {
      // One path of several hides nothing of the others; what is compared needs both.
      if (!(error instanceof ReadError) || diff || paths.length === 1) throw error;
      failures.push(error);
    }
  }
  const { code, print } = judged(options, models, io);
  const missing = incomplete(models, failures);
  io.out(print(missing));
  for (const { message } of missing.failures) io.note(visible(message));
  return missing.failures.length > 0 || (missing.unread.length > 0 && !options.allowUnread) ? 2 : code;
}

/** Two files that are compared are one template, whatever they are called: `before.yaml` and `after.yaml`. */
function comparedName(paths: readonly string[]): string | undefined {
  const files = paths.every(
    (one) => existsSync(one) && statSync(one).isFile() && path.basename(one) !== 'manifest.json',
  );
  return files ? path.basename(paths[0]!) : undefined;
}

/** What was reviewed, by the project's configuration and the file that is named. */
function reviewing({ accept, newPrincipals }: Options): ReviewOptions {
  const config = findConfig(process.cwd(), KNOWN);
  const accepted = [...(config?.acceptedChanges ?? []), ...(accept === undefined ? [] : readAcceptedChanges(accept))];
  const today = new Date().toISOString().slice(0, 10);
  return { accepted, today, newPrincipals: newPrincipals ?? config?.newPrincipals ?? 'refuse' };
}

/** What is to be said about models, and the exit code where all of them was read. */
interface Judged {
  readonly code: number;
  readonly print: (missing: Incomplete) => string;
}

function judged(options: Options, models: readonly Model[], io: Io): Judged {
  const { diff, escalation, events, used, format } = options;
  const style: TextStyle = { width: io.columns ?? DEFAULT_WIDTH, colour: io.colour };
  if (diff) {
    const found = review(diffAccess(models[0]!, models[1]!), reviewing(options));
    return {
      code: found.widened.length > 0 ? 1 : 0,
      print: printer(format, { version: 1, ...found }, diffMarkdown, (value) => diffText(value, style)),
    };
  }
  if (escalation) {
    const found = models.flatMap(accessPaths);
    return {
      code: found.some(({ end }) => end === undefined) ? 1 : 0,
      print: printer(
        format,
        { version: 1, paths: found },
        () => pathsMarkdown(found),
        () => pathsText(found, style),
      ),
    };
  }
  if (events) {
    const flows = models.map(flowOf);
    return {
      code: 0,
      print: printer(
        format,
        flows.length === 1 ? flows[0]! : { version: 1, flows },
        () => flows.map(eventsMarkdown).join('\n'),
        () => flows.map((flow) => eventsText(flow, style)).join('\n'),
      ),
    };
  }
  if (used !== undefined) {
    const functions = narrowed(used, models[0]!);
    return {
      code: 0,
      print: printer(
        format,
        { version: 1, functions },
        () => narrowedMarkdown(functions),
        () => narrowedText(functions, style),
      ),
    };
  }
  const matrix = together(models.map(accessMatrix));
  return { code: 0, print: printer(format, matrix, matrixMarkdown, (value) => matrixText(value, style)) };
}

function printer<T extends object>(
  format: Format,
  value: T,
  markdown: (value: T) => string,
  text: (value: T) => string,
): Judged['print'] {
  return (missing) => {
    if (format === 'json') return `${JSON.stringify({ ...value, ...missing }, null, 2)}\n`;
    const sections = unreadSections(missing);
    return format === 'markdown'
      ? [
          markdown(value),
          ...sections.map(
            ({ title, lines }) => `**${title}**\n\n${lines.map((line) => `- ${codeInMarkdown(line)}`).join('\n')}\n`,
          ),
        ].join('\n')
      : [
          text(value),
          ...sections.map(({ title, lines }) => [title, ...lines.map((line) => `  ${visible(line)}`), ''].join('\n')),
        ].join('\n');
  };
}

/** The matrices of several paths as one. */
function together(matrices: readonly AccessMatrix[]): AccessMatrix {
  const [first, ...others] = matrices;
  if (first && others.length === 0) return first;
  return {
    version: 1,
    entries: matrices.flatMap(({ entries }) => entries),
    unknownActions: matrices.flatMap(({ unknownActions }) => unknownActions),
  };
}

function usageIn(file: string): UsageReport {
  const bad = (reason: string) =>
    new ReadError(
      file,
      reason,
      "write it with 'lintel run --report', or with 'JSON.stringify(run.report())' in a test",
    );
  const content = (() => {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as unknown;
    } catch (error) {
      throw bad(error instanceof SyntaxError ? 'is not JSON' : 'cannot be read');
    }
  })();
  if (!isUsage(content)) throw bad('is not the report of a local run');
  return content;
}

function isUsage(value: unknown): value is UsageReport {
  if (typeof value !== 'object' || value === null || !('functions' in value) || !Array.isArray(value.functions))
    return false;
  return value.functions.every(
    (one: unknown) =>
      typeof one === 'object' &&
      one !== null &&
      'id' in one &&
      'role' in one &&
      'used' in one &&
      Array.isArray(one.used),
  );
}

/** A report that belongs to other templates is a mistake of the call, not a finding. */
function narrowed(file: string, model: Model): readonly NarrowedAccess[] {
  try {
    return narrowAccess(model, usageIn(file));
  } catch (error) {
    if (!(error instanceof UnknownFunctionError)) throw error;
    throw new ReadError(file, error.message, 'name the templates that it was made from');
  }
}

/** The options; undefined where help is asked for. */
function parse(argv: readonly string[]): Options | undefined {
  const { values, positionals } = optionsOf(argv, OPTIONS);
  if (values.help === true) return undefined;
  const {
    diff = false,
    paths: escalation = false,
    events = false,
    json = false,
    markdown = false,
    used,
    accept,
  } = values;
  const newPrincipals = values['new-principals'];
  if (json && markdown) throw new UsageError("'--json' and '--markdown' exclude each other");
  if (diff && used !== undefined) throw new UsageError("'--diff' and '--used' exclude each other");
  if (escalation && (diff || used !== undefined))
    throw new UsageError(`'--paths' and '--${diff ? 'diff' : 'used'}' exclude each other`);
  if (events && (diff || escalation || used !== undefined))
    throw new UsageError(`'--events' and '--${diff ? 'diff' : escalation ? 'paths' : 'used'}' exclude each other`);
  if (diff && positionals.length !== 2) throw new UsageError(`'--diff' takes two paths, got ${positionals.length}`);
  if (used !== undefined && positionals.length !== 1)
    throw new UsageError(`'--used' takes one path, got ${positionals.length}`);
  if (positionals.length === 0) throw new UsageError('name at least one path');
  if (!diff && accept !== undefined) throw new UsageError("'--accept' is for '--diff'");
  if (!diff && newPrincipals !== undefined) throw new UsageError("'--new-principals' is for '--diff'");
  if (newPrincipals !== undefined && newPrincipals !== 'refuse' && newPrincipals !== 'review')
    throw new UsageError(`'--new-principals' must be refuse or review, got '${newPrincipals}'`);
  const format = json ? 'json' : markdown ? 'markdown' : 'text';
  return {
    paths: positionals,
    diff,
    escalation,
    events,
    format,
    allowUnread: values['allow-unread'] === true,
    ...(used !== undefined && { used }),
    ...(accept !== undefined && { accept }),
    ...(newPrincipals !== undefined && { newPrincipals }),
  };
}
