import { schemaChanges } from './changes';
import { isSame } from './comparison';
import type { EventDocument } from './documents';

/** What a document guarantees less than before. */
export interface DocumentChanges {
  /** The title of the document: the hub. */
  readonly hub: string;
  /** Breaking changes for readers or for older events. */
  readonly breaking: readonly string[];
  /** Changes that cannot be judged. */
  readonly unknown: readonly string[];
  /** Messages that are new. */
  readonly added: readonly string[];
}

/**
 * What documents have less than before, each held against that of the same title; where there is one on either side,
 * these two.
 */
export function documentChanges(
  before: readonly EventDocument[],
  after: readonly EventDocument[],
): readonly DocumentChanges[] {
  const only = before.length === 1 && after.length === 1;
  const gone = before.map((old): DocumentChanges => {
    const now = after.find(({ title }) => only || title === old.title);
    const hub = old.title;
    if (now === undefined) {
      const breaking = Object.keys(old.messages).map((name) => `${name} is no longer there`);
      return { hub, breaking: breaking.length > 0 ? breaking : ['it is no longer there'], unknown: [], added: [] };
    }
    return { hub, ...messageChanges(old, now) };
  });
  const titles = before.map(({ title }) => title);
  const added = only ? [] : after.filter(({ title }) => !titles.includes(title));
  return [
    ...gone,
    ...added.map(({ title, messages }) => ({ hub: title, breaking: [], unknown: [], added: Object.keys(messages) })),
  ];
}

function messageChanges(old: EventDocument, now: EventDocument): Omit<DocumentChanges, 'hub'> {
  const [breaking, unknown]: [string[], string[]] = [[], []];
  for (const [name, was] of Object.entries(old.messages)) {
    if (!Object.hasOwn(now.messages, name)) {
      breaking.push(`${name} is no longer there`);
      continue;
    }
    const is = now.messages[name];
    if (was === undefined || is === undefined) {
      if (!isSame(old.content, now.content)) unknown.push(`${name} is written in no JSON Schema of its document`);
      continue;
    }
    const changes = schemaChanges(was, is, name);
    breaking.push(...changes.breaking);
    unknown.push(...changes.unknown);
  }
  return { breaking, unknown, added: Object.keys(now.messages).filter((name) => !Object.hasOwn(old.messages, name)) };
}
