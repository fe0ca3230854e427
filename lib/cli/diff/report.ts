import { codeInMarkdown } from '../../core/markdown';
import { visible } from '../../core/visible';
import { type Incomplete, unreadSections } from '../unread';
import type { Changes, Effect, StackChange } from './changes';
import type { MigrationChange, MigrationEffect } from './migrations';
import type { Reboot } from './reboots';

/** A title, and the lines below it. */
interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Worst losses first. */
const GROUPS: readonly { readonly title: string; readonly takes: (change: StackChange) => boolean }[] = [
  {
    title: 'Another type under the same logical id, which CloudFormation refuses',
    takes: ({ effect }) => effect === 'of another type',
  },
  {
    title: 'Replaced, deleted or orphaned, with data or an identity',
    takes: ({ stateful, effect }) => stateful && effect !== 'unknown',
  },
  { title: 'Known only at deployment', takes: ({ effect }) => effect === 'unknown' },
  { title: 'Replaced, deleted or orphaned, without data', takes: ({ stateful }) => !stateful },
];

function sectionsOf(
  { changes, unknownTypes, renames, mappings, migrations, reboots }: Changes,
  incomplete: Incomplete,
): readonly Section[] {
  let rest = changes;
  const groups = GROUPS.map(({ title, takes }) => {
    const lines = rest.filter(takes).map(line);
    rest = rest.filter((change) => !takes(change));
    return { title, lines };
  });
  const failing = migrations.filter(({ fails }) => fails);
  return [
    { title: 'Migrations that make the deployment fail', lines: failing.map(migrationLine) },
    {
      title: 'Mappings that make the deployment fail',
      lines: mappings.map(
        ({ resource, existing }) =>
          `${resource} is created while '${existing}' still connects the same source and function, which Lambda refuses; give it that logical id, and do not change a property that replaces it`,
      ),
    },
    ...groups,
    {
      title: 'Take effect after a reboot of each instance, which a deployment does not do',
      lines: reboots.map(rebootLine),
    },
    { title: 'Migrations', lines: migrations.filter(({ fails }) => !fails).map(migrationLine) },
    {
      title: 'Renamed: move them with cdk refactor, in a deployment of its own',
      lines: renames.map(({ type, from, to }) => `${from.resource} (${type}) is ${to.resource} now`),
    },
    {
      title: 'Changed, and AWS does not say whether that replaces them',
      lines: unknownTypes.map(({ resource, type }) => `${resource} (${type})`),
    },
    ...unreadSections(incomplete),
    { title: 'Not read', lines: incomplete.failures.map(({ message }) => message) },
  ].filter(({ lines }) => lines.length > 0);
}

const EFFECTS: Readonly<Record<Effect, string>> = {
  deleted: 'is deleted',
  'deleted in a region': 'loses what it holds in a region',
  regenerated: 'gets a new generated value',
  orphaned: 'is orphaned',
  replaced: 'is replaced',
  'may be replaced': 'may be replaced',
  'of another type': 'changes its type',
  'left behind': 'is left behind',
  unknown: 'may be replaced',
};

function line({ resource, type, effect, because, keeps, when = '' }: StackChange): string {
  const why = because.length === 0 ? '' : `: ${because.join(', ')}`;
  return `${resource} (${type}) ${EFFECTS[effect]}${when}${why}${keeps === undefined ? '' : `; ${keeps} stays`}`;
}

const MIGRATED: Readonly<Record<MigrationEffect, string>> = {
  new: 'is applied',
  changed: 'was changed, which fails if it was applied: undo the change, and put it in a new file',
  gone: 'is gone, and stays applied',
  late: 'comes before an existing one: give it a higher number',
};

function migrationLine({ resource, file, effect }: MigrationChange): string {
  return `${file} (${resource}) ${MIGRATED[effect]}`;
}

function rebootLine({ resource, before, after }: Reboot): string {
  const counts = before === undefined ? 'as many connections as before' : `${before} connections`;
  return `${resource} has ${counts} until then${after === undefined ? '' : `, and ${after} after`}`;
}

const NOTHING = 'nothing is replaced, deleted or orphaned';

/** For a terminal. */
export function text(changes: Changes, incomplete: Incomplete): string {
  const sections = sectionsOf(changes, incomplete);
  if (sections.length === 0) return `${NOTHING}\n`;
  return sections
    .map(({ title, lines }) => `${title}\n${lines.map((one) => `  ${visible(one)}`).join('\n')}\n`)
    .join('\n');
}

/** For a pull request. */
export function markdown(changes: Changes, incomplete: Incomplete): string {
  const sections = sectionsOf(changes, incomplete);
  if (sections.length === 0) return `### Deployment\n\n${NOTHING}\n`;
  const shown = sections.map(
    ({ title, lines }) => `**${title}**\n\n${lines.map((one) => `- ${codeInMarkdown(one)}`).join('\n')}\n`,
  );
  return `### Deployment\n\n${shown.join('\n')}`;
}

/** For a program. */
export function json(
  { changes, unknownTypes, renames, mappings, migrations, reboots }: Changes,
  { unread, failures }: Incomplete,
): string {
  const report = { version: 1, changes, mappings, migrations, reboots, renames, unknownTypes, unread, failures };
  return `${JSON.stringify(report, null, 2)}\n`;
}
