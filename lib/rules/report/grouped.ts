import path from 'node:path';
import type { SourceLocation } from '../../core/model/model';
import { visible } from '../../core/visible';
import { UNREAD_WORDS } from '../../core/model/unread';
import type { AcknowledgedFinding, Report, ReportedFinding, ReportedUnread, Summary } from './report';
import { unknownGroups } from './unknown-groups';

/** Groups items by a key, in order of first appearance. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** What a finding is about, in the reader's terms: `Shop/Worker`, `Queue in template.yaml`. */
export function subject({ path: place, resource, template }: ReportedFinding): string {
  if (place !== undefined) return visible(place.replace(/\/(Resource|Default)$/, '')) || 'the app';
  return visible(resource === undefined ? template : `${resource} in ${fromHere(template)}`);
}

/** What is wrong, and with which property: `is not encrypted at rest (KmsMasterKeyId)`. */
export function statement({ message, property }: Pick<ReportedFinding, 'message' | 'property'>): string {
  return property ? `${message} (${property})` : message;
}

/** Where to look: the line of the program if known, else the line of the template. */
export function places({ origin, location }: ReportedFinding): SourceLocation[] {
  return [origin, location].filter((place) => place !== undefined);
}

/** A file relative to the working directory; as it is if far away. */
export function fromHere(file: string): string {
  const relative = path.isAbsolute(file) ? path.relative(process.cwd(), file) || '.' : file;
  return relative.length < file.length ? relative : file;
}

/** `bin/shop.ts:7`. */
export function fileAndLine({ file, line }: SourceLocation): string {
  return visible(`${fromHere(file)}:${line}`);
}

/** Findings on CDK's own helpers in one line per helper and rule; all others one by one. */
export function acknowledgedLines(acknowledged: readonly AcknowledgedFinding[]): string[] {
  const written = acknowledged.filter(({ by }) => by !== undefined);
  const others = groupBy(
    acknowledged.filter(({ by }) => by === undefined),
    ({ reason, rule }) => `${reason}\n${rule}`,
  );
  return [
    ...written.map(
      (one) =>
        `${one.rule} on ${subject(one)}: ${one.message} (${one.reason}${one.expires ? `; expires ${one.expires}` : ''})`,
    ),
    ...[...others.values()].map(([first, ...more]) => {
      const count = more.length + 1;
      return `${first!.rule}: ${count} ${count === 1 ? 'finding' : 'findings'} (${first!.reason})`;
    }),
  ];
}

/** Unknown verdicts, one line per resource and reason, with the rules that could not judge. */
export function unknownLines(unknown: readonly ReportedFinding[]): string[] {
  return unknownGroups(unknown).map(({ first, rules }) => {
    return `${subject(first)}${first.property ? ` ${first.property}` : ''}: ${first.message} (${rules.join(', ')})`;
  });
}

/** What was not read, by reason: a heading and a line for each. */
export function unreadGroups(
  unread: readonly ReportedUnread[],
): { readonly title: string; readonly lines: string[] }[] {
  return [...groupBy(unread, ({ kind }) => kind).values()].map((group) => {
    const { kind } = group[0]!;
    return {
      title: `Not read: ${UNREAD_WORDS[kind].title}`,
      lines: [
        ...group.map((one) => `${subject(one)}${one.property ? ` ${one.property}` : ''}: ${one.message}`),
        `-> ${UNREAD_WORDS[kind].remedy}`,
      ],
    };
  });
}

/** Templates for which the absence of findings means nothing. */
export function unjudgedLines(unjudged: readonly string[]): string[] {
  return unjudged.map((template) => `${fromHere(template)}: nothing here that a rule reads`);
}

/** `1 error, 2 warnings, 3 unknown, 4 acknowledged`, plus the number not read, if any. */
export function summaryLine({ errors, warnings, unknown, unread, acknowledged }: Summary): string {
  const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  return [
    counted(errors, 'error'),
    counted(warnings, 'warning'),
    `${unknown} unknown`,
    ...(unread > 0 ? [`${unread} not read`] : []),
    `${acknowledged} acknowledged`,
  ].join(', ');
}

/** The version of CloudFormation's validator, or what was not checked without it. */
export function validatorLine({ validator }: Report): string {
  if (!validator) return '';
  return 'version' in validator
    ? `Checked by CloudFormation's own validator ${validator.version} as well.`
    : "Not checked by CloudFormation's own validator (types, values and names of properties, references, circles): " +
        `${validator.missing}.`;
}
