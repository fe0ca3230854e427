import type { ReportedFinding } from './report';

/** Something unknown, with every rule that could not judge it. */
export interface UnknownGroup {
  /** The verdict of the first of these rules. */
  readonly first: ReportedFinding;
  /** Their names. */
  readonly rules: readonly string[];
}

/** Groups verdicts by what is unknown: an unreadable definition is one thing, however many rules read definitions. */
export function unknownGroups(unknown: readonly ReportedFinding[]): readonly UnknownGroup[] {
  const groups = new Map<string, { first: ReportedFinding; rules: Set<string> }>();
  for (const one of unknown) {
    const key = JSON.stringify([one.template, one.path ?? one.resource, one.property, one.message]);
    const group = groups.get(key) ?? { first: one, rules: new Set() };
    groups.set(key, group);
    group.rules.add(one.rule);
  }
  return [...groups.values()].map(({ first, rules }) => ({ first, rules: [...rules] }));
}
