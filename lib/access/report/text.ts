import { expand } from '../../core/iam/action-set';
import type { AccessChange } from '../diff';
import type { AccessEntry, AccessMatrix } from '../matrix';
import type { NarrowedAccess, ResourceActions } from '../narrow';
import { visibleJson } from '../../core/visible';
import type { Principal } from '../../core/iam/principals';
import type { ReviewedDiff } from '../review';
import { actionsInWords, conditionsInWords, grantInWords, principalInWords } from './actions';
import { table, wrap } from './table';

/** Options of a text report. */
export interface TextStyle {
  /** Its width in columns. */
  readonly width: number;
  /** Whether headings are bold. */
  readonly colour: boolean;
}

/** The matrix for a terminal: principals, and below each what it may do. */
export function matrixText({ entries, unknownActions }: AccessMatrix, style: TextStyle): string {
  if (entries.length === 0) return 'nobody is granted anything\n';
  const blocks = grouped(entries).map(([principal, own]) => [
    heading(principal, style),
    ...table(
      own.map((entry) => [entry.resource, level(entry), details(entry)]),
      style.width,
    ),
  ]);
  const unknown = unknownActions.map(
    ({ action, policies }) => `${action} is not an AWS action (${policies.join(', ')})`,
  );
  return lines([
    ...blocks.flat(),
    ...(unknown.length > 0 ? ['', ...unknown.flatMap((one) => wrap(one, style.width))] : []),
  ]);
}

/** What widened and what narrowed, for a terminal. */
export function diffText(diff: ReviewedDiff, style: TextStyle): string {
  const blocks = sectionsOf(diff).map(({ title, sign, changes, notes }) =>
    changes.length === 0
      ? [`nothing ${title}`]
      : [
          bold(title, style),
          ...grouped(changes).flatMap(([principal, own]) => [
            heading(principal, style),
            ...table(
              own.map((change) => [
                `${sign} ${change.resource}`,
                change.reason,
                [changed(change), notes?.get(change) ?? ''].filter(Boolean).join('; '),
              ]),
              style.width,
            ),
          ]),
        ],
  );
  const ids = [...diff.widened, ...diff.review].map(({ id, resource }) => [id, resource]);
  const accepting = ids.length === 0 ? [] : ['', 'to accept, by id', ...table(ids, style.width)];
  const stale = diff.stale.flatMap(({ accepted, problem }) =>
    wrap(`accepted '${accepted.change}' ${problem}`, style.width),
  );
  return lines([
    ...blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block])),
    ...accepting,
    ...(stale.length > 0 ? ['', ...stale] : []),
  ]);
}

/** A part of a diff; `notes` are about single changes. */
export interface DiffSection {
  /** Its kind: `widened`. */
  readonly title: string;
  /** `+` or `-`. */
  readonly sign: string;
  readonly changes: readonly AccessChange[];
  /** Reasons for acceptance, by change. */
  readonly notes?: ReadonlyMap<AccessChange, string>;
}

/** The parts of a diff in order; rare ones only if present. */
export function sectionsOf({ widened, review, accepted, platform, narrowed }: ReviewedDiff): readonly DiffSection[] {
  const notes = new Map(
    accepted.map(({ change, reason, expires }) => [change, `${reason}${expires ? ` (until ${expires})` : ''}`]),
  );
  const sometimes: readonly DiffSection[] = [
    { title: 'new, to be reviewed', sign: '+', changes: review },
    { title: 'accepted', sign: '+', changes: accepted.map(({ change }) => change), notes },
    { title: 'for the platform only, which does not count', sign: '+', changes: platform },
  ];
  return [
    { title: 'widened', sign: '+', changes: widened },
    ...sometimes.filter(({ changes }) => changes.length > 0),
    { title: 'narrowed', sign: '-', changes: narrowed },
  ];
}

/** The note for a function that is missing from a report. */
export const NEVER_RAN = 'it never ran, so nothing is known about it';

/** What was never used, and the policies to write, for a terminal. */
export function narrowedText(functions: readonly NarrowedAccess[], style: TextStyle): string {
  if (functions.length === 0) return 'the report names no function\n';
  const blocks = functions.flatMap(({ principal, ran, unused, kept, policy }) => {
    if (!ran) return [heading(principal, style), `  ${NEVER_RAN}`];
    return [
      heading(principal, style),
      ...listed('never used', unused, style),
      ...listed('kept, since a local run cannot show it', kept, style),
      ...(unused.length > 0
        ? [
            '  policy to write:',
            ...visibleJson(policy)
              .split('\n')
              .map((one) => `    ${one}`),
          ]
        : []),
    ];
  });
  return lines(blocks);
}

function listed(title: string, items: readonly ResourceActions[], style: TextStyle): readonly string[] {
  if (items.length === 0) return title === 'never used' ? ['  everything granted was used'] : [];
  const rows = items.map((item) => [item.resource, grantInWords(item)]);
  return [`  ${title}:`, ...table(rows, style.width - 2).map((one) => `  ${one}`)];
}

/** The levels of an entry, or its status: `denied`, `unknown`. */
export function level({ verdict, levels }: AccessEntry): string {
  return verdict === 'denied' || verdict === 'unknown' ? verdict : levels.join(' ');
}

/** Actions, conditions and problem of an entry in one line. */
export function details({ actions, allBut, conditions, except, problem }: AccessEntry): string {
  const parts = [
    actionsInWords(actions, allBut),
    except ? `except on ${except.join(', ')}` : '',
    conditionsInWords(conditions),
    problem ?? '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Actions and conditions of a change in one line; many actions are shown by the patterns that match them. */
export function changed({ actions, allBut, patterns, conditions, problem }: AccessChange): string {
  const wildcards = patterns.filter((pattern) => /[*?]/.test(pattern));
  const shorter = !allBut && actions.length > 8 ? byPatterns(actions, wildcards) : actions;
  const what =
    shorter.length < actions.length
      ? `${actions.length} actions by ${actionsInWords(shorter)}`
      : actionsInWords(actions, allBut);
  return [what, conditionsInWords(conditions), problem ?? ''].filter((part) => part !== '').join(', ');
}

/** Actions by the patterns that match some of them; the names of those that none matches. */
function byPatterns(actions: readonly string[], wildcards: readonly string[]): readonly string[] {
  const left = new Set(actions);
  const used = wildcards.filter((pattern) => {
    const matched = [...expand({ patterns: [pattern], negated: false })].filter((name) => actions.includes(name));
    for (const name of matched) left.delete(name);
    return matched.length > 0;
  });
  return [...used, ...left];
}

/** Things by their principal, in their order. */
export function grouped<T extends { readonly principal: Principal }>(
  all: readonly T[],
): readonly [Principal, readonly T[]][] {
  const groups = new Map<string, [Principal, T[]]>();
  for (const one of all) {
    const key = principalInWords(one.principal);
    const group = groups.get(key) ?? [one.principal, []];
    group[1].push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function heading(principal: Principal, style: TextStyle): string {
  return bold(wrap(principalInWords(principal), style.width).join('\n'), style);
}

function bold(text: string, { colour }: TextStyle): string {
  return colour ? `\u001b[1m${text}\u001b[22m` : text;
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
