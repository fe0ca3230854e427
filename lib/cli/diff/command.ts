import { writeFileSync } from 'node:fs';
import { ReadError } from '../../core/model/read-error';
import { isProject } from '../../pulumi/project';
import { visible } from '../../core/visible';
import { type Io, Progress } from '../io';
import { baseAndHead, optionsOf } from '../options';
import { readPath } from '../read-path';
import { incomplete } from '../unread';
import { changesBetween } from './changes';
import { refactorOverrides } from './renames';
import { json, markdown, text } from './report';

const OPTIONS = {
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
  refactor: { type: 'string' },
  'allow-unknown': { type: 'boolean' },
  'allow-unread': { type: 'boolean' },
} as const;

const HELP = `lintel diff BASE HEAD

Shows what a deployment of HEAD over BASE replaces, deletes or orphans, which of
that holds data or an identity that others know, and which database migrations
it applies. A migration that was changed or has a number that is too low would
fail, and so would a second mapping of one source to one function.
BASE and HEAD are cloud assemblies (cdk.out) or templates. Conditions, and the
values that parameters list, are tried in every combination; other parameters
have their defaults, and nested stacks are compared with their parents.
Needs @aws-cdk/cloudformation-diff, which knows what replaces a resource.

  --json             as JSON
  --markdown         as Markdown, for a pull request
  --refactor FILE    write the renames to FILE, for the --override-file of
                     cdk refactor, which accepts nothing but renames
  --allow-unknown    do not exit with 2 for what is known only at deployment
  --allow-unread     do not exit with 2 for what was not read, or for unknown
                     resource types

Examples:
  npx lintel diff base/cdk.out cdk.out
  npx lintel diff base/cdk.out cdk.out --refactor overrides.json
  npx lintel diff old.yaml new.yaml --json

Exit 0: nothing that holds data is replaced, deleted or orphaned. Exit 1:
something is, a resource changes its type, or a migration or a mapping would
fail. Exit 2: something was not read, or is known only at deployment. Standard
output has only the report.
`;

/** `lintel diff`: what a deployment replaces, deletes or orphans. */
export async function diff(argv: readonly string[], io: Io): Promise<number> {
  const given = optionsOf(argv, OPTIONS);
  const { values } = given;
  if (values.help) {
    io.out(HELP);
    return 0;
  }
  const [base, head] = baseAndHead(given);
  try {
    for (const place of [base, head]) {
      if (isProject(place)) throw new ReadError(place, 'is a Pulumi project', "'pulumi preview' says what it replaces");
    }
    const progress = new Progress(io);
    const [before, after] = [await readPath(base), await readPath(head)];
    progress.step('comparing');
    const changes = changesBetween(before, after);
    const missed = incomplete([before, after]);
    io.out(values.json ? json(changes, missed) : values.markdown ? markdown(changes, missed) : text(changes, missed));
    if (values.refactor !== undefined) {
      writeFileSync(values.refactor, refactorOverrides(changes.renames));
      io.note(`wrote ${values.refactor}`);
    }
    const stateful = changes.changes.filter((change) => change.stateful || change.effect === 'of another type');
    const fails = changes.mappings.length > 0 || changes.migrations.some((migration) => migration.fails);
    if (fails || stateful.some(({ effect }) => effect !== 'unknown')) return 1;
    const unread = missed.unread.length + missed.failures.length + changes.unknownTypes.length;
    if (unread > 0 && !values['allow-unread']) return 2;
    return stateful.length > 0 && !values['allow-unknown'] ? 2 : 0;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    io.note(visible(error.message));
    return 2;
  }
}
