import { UsageError } from '../io';
import { optionsOf } from '../options';

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

/** What `--help` prints. */
export const HELP = `lintel access PATH...
lintel access --diff BASE HEAD
lintel access --paths PATH...
lintel access --events PATH...
lintel access --used REPORT PATH

Shows who may do what, from the policies of a cloud assembly (cdk.out), template
files, a directory of templates or a Pulumi project.

  --diff BASE HEAD   what widened and narrowed between two of them
  --accept FILE      with --diff: reviewed changes, a list of
                     { change, reason, expires } in YAML or JSON, in
                     addition to 'access.accept' of lintel.yaml
  --new-principals refuse|review
                     with --diff: whether access of a new resource counts, or is
                     only shown (refuse, or 'access.newPrincipals' of
                     lintel.yaml)
  --paths            who can reach more than their own policies grant: through
                     roles they can assume or pass to something they start, or
                     code, trust or policies they can change; a path to every
                     permission means exit 1
  --events           who may publish which events, which rules match them, what
                     those call in the end, and possible loops of events; with
                     --markdown as a diagram
  --used REPORT      what was never used according to the report of a local run,
                     and the policy to write instead
  --json             as JSON
  --markdown         as Markdown, for a pull request
  --allow-unread     do not exit with 2 for what was not read

Logs and traces of new resources, and routes that call a new function, are shown
separately and never count.

Examples:
  npx lintel access cdk.out
  npx lintel access --diff base/cdk.out cdk.out --markdown
  npx lintel access --events cdk.out

Exit 0: done, and nothing widened. Exit 1: access widened. Exit 2: something was
not read, so the result is not known. Standard output has only the report.
`;

/** Format of a report. */
export type Format = 'text' | 'json' | 'markdown';

/** What was requested. */
export interface Options {
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

/**
 * The options; undefined for --help.
 * @throws UsageError when they contradict each other
 */
export function parse(argv: readonly string[]): Options | undefined {
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
  const chosen = Object.entries({ events, paths: escalation, diff, used: used !== undefined }).filter(([, one]) => one);
  if (chosen.length > 1) {
    const [first, second] = chosen.slice(-2).map(([name]) => name);
    throw new UsageError(`'--${first}' and '--${second}' exclude each other`);
  }
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
    used,
    accept,
    newPrincipals,
  };
}
