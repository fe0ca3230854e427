import { type DocumentChanges, documentChanges } from '../core/event-schema/document-changes';
import { readDocuments } from '../core/event-schema/documents';
import { codeInMarkdown } from '../core/markdown';
import { ReadError } from '../core/model/read-error';
import { visible } from '../core/visible';
import type { Io } from './io';
import { baseAndHead, optionsOf } from './options';

const OPTIONS = {
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
  'allow-unknown': { type: 'boolean' },
} as const;

const HELP = `lintel events BASE HEAD

Shows breaking changes of event schemas: a type or field that was removed or
narrowed, a field that may now be absent, a required field that older events
lack. BASE and HEAD are cloud assemblies (cdk.out), into which a hub with
'events' writes <hub>.asyncapi.json, folders with such files, or AsyncAPI 3
documents from any source.

  --json             as JSON
  --markdown         as Markdown, for a pull request
  --allow-unknown    do not exit with 2 for a change that cannot be judged

Examples:
  npx lintel events base/cdk.out cdk.out
  npx lintel events main.asyncapi.json shop.asyncapi.json --markdown

Exit 0: no breaking change. Exit 1: a breaking change. Exit 2: something was not
read, or a change cannot be judged. Standard output has only the report.
`;

/** `lintel events`: breaking changes of event schemas. */
export async function events(argv: readonly string[], io: Io): Promise<number> {
  const given = optionsOf(argv, OPTIONS);
  const { values } = given;
  if (values.help) {
    io.out(HELP);
    return 0;
  }
  const [base, head] = baseAndHead(given);
  try {
    const [before, after] = [readDocuments(base), readDocuments(head)];
    if (before.length + after.length === 0)
      throw new ReadError(base, `and ${head} contain no event schemas`, "give a hub 'events'");
    const changes = documentChanges(before, after);
    io.out(values.json ? json(changes) : values.markdown ? markdown(changes) : text(changes));
    if (changes.some(({ breaking }) => breaking.length > 0)) return 1;
    return changes.some(({ unknown }) => unknown.length > 0) && !values['allow-unknown'] ? 2 : 0;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    io.note(visible(error.message));
    return 2;
  }
}

function json(hubs: readonly DocumentChanges[]): string {
  return `${JSON.stringify({ version: 1, hubs }, null, 2)}\n`;
}

const NOTHING = 'nothing is taken away';

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

function sectionsOf({ breaking, unknown, added }: DocumentChanges): readonly Section[] {
  return [
    { title: 'taken away', lines: breaking },
    { title: 'not judged', lines: unknown },
    { title: 'new', lines: added },
  ].filter(({ lines }) => lines.length > 0);
}

function text(hubs: readonly DocumentChanges[]): string {
  const blocks = hubs.flatMap((hub) => [
    visible(hub.hub),
    ...sectionsOf(hub).flatMap(({ title, lines }) => [`  ${title}`, ...lines.map((line) => `    ${visible(line)}`)]),
    ...(hub.breaking.length + hub.unknown.length === 0 ? [`  ${NOTHING}`] : []),
  ]);
  return `${blocks.join('\n')}\n`;
}

function markdown(hubs: readonly DocumentChanges[]): string {
  const blocks = hubs.flatMap((hub) => [
    `### ${codeInMarkdown(hub.hub)}`,
    ...sectionsOf(hub).map(
      ({ title, lines }) => `**${title}**\n\n${lines.map((line) => `- ${codeInMarkdown(line)}`).join('\n')}`,
    ),
    ...(hub.breaking.length + hub.unknown.length === 0 ? [`${NOTHING.replace(/^n/, 'N')}.`] : []),
  ]);
  return `${['## Schemas of events', ...blocks].join('\n\n')}\n`;
}
