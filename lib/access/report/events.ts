import { codeInMarkdown } from '../../core/markdown';
import { visible } from '../../core/visible';
import type { EventFlow } from '../events/flow';
import { table } from './table';
import type { TextStyle } from './text';

const NOBODY = 'nothing publishes events, and no rule matches any';
const ANY = 'anything';

/** Who publishes what to whom, for a terminal. */
export function eventsText(flow: EventFlow, { width, colour }: TextStyle): string {
  const { buses, publishers, subscriptions, loops } = flow;
  if (publishers.length + subscriptions.length === 0) return `${NOBODY}\n`;
  const heading = (text: string) => (colour ? `\u001b[1m${text}\u001b[22m` : text);
  const blocks = buses.map((bus) => [
    heading(visible(`bus ${bus}`)),
    ...table(
      [
        ...publishers
          .filter((one) => one.bus === bus)
          .map((one) => [one.publisher, 'publishes', `${labelOf(one)}${unheard(one)}`]),
        ...subscriptions
          .filter((one) => one.bus === bus)
          .map((one) => [one.rule, 'matches', `${labelOf(one)}: ${ends(one)}`]),
      ],
      width,
    ),
  ]);
  const rounds =
    loops.length === 0
      ? []
      : [
          heading('possible event loops'),
          ...table(
            loops.map((loop) => [loop]),
            width,
          ),
        ];
  return `${[...blocks.flat(), ...rounds].join('\n')}\n`;
}

/** If the bus is known only at deployment, so are its subscribers. */
function unheard({ heardBy, open }: EventFlow['publishers'][number]): string {
  if (heardBy.length > 0) return '';
  return open ? ', to subscribers known only at deployment' : ', without a subscriber';
}

/** Who publishes what to whom, as Markdown: a diagram, and what it cannot show. */
export function eventsMarkdown(flow: EventFlow): string {
  const { publishers, subscriptions, loops } = flow;
  if (publishers.length + subscriptions.length === 0) return `## Events\n\n${NOBODY.replace(/^n/, 'N')}.\n`;
  const alone = publishers.filter(({ heardBy, open }) => heardBy.length === 0 && !open);
  return `${[
    '## Events',
    '',
    '```mermaid',
    eventsMermaid(flow).trimEnd(),
    '```',
    ...section(
      'Without a subscriber',
      alone.map((one) => `${one.publisher}: ${labelOf(one)}`),
    ),
    ...section('Possible event loops', loops),
  ].join('\n')}\n`;
}

/** Who publishes what to whom, as a Mermaid flowchart. */
export function eventsMermaid({ buses, publishers, subscriptions }: EventFlow): string {
  const ids = new Map<string, string>();
  const lines: string[] = [];
  const node = (name: string, open: string, close: string) => {
    const known = ids.get(`${open}${name}`);
    if (known !== undefined) return known;
    const id = `n${ids.size}`;
    ids.set(`${open}${name}`, id);
    lines.push(`  ${id}${open}"${inMermaid(name)}"${close}`);
    return id;
  };
  const bus = (name: string) => node(name, '([', '])');
  buses.forEach(bus);
  for (const one of publishers) {
    const from = node(one.publisher, '[', ']');
    lines.push(`  ${from} -- "${inMermaid(labelOf(one))}" --> ${bus(one.bus)}`);
  }
  for (const one of subscriptions) {
    const ends = [
      ...one.subscribers.map((name) => node(name, '[', ']')),
      ...one.forwardsTo.map(bus),
      ...one.others.map((name) => node(name, '>', ']')),
    ];
    for (const end of ends) lines.push(`  ${bus(one.bus)} -- "${inMermaid(labelOf(one))}" --> ${end}`);
  }
  return `${['flowchart LR', ...lines].join('\n')}\n`;
}

interface Labelled {
  readonly sources?: readonly string[];
  readonly types?: readonly string[];
  readonly more?: true;
}

function labelOf({ sources, types, more }: Labelled): string {
  const what = types?.join(', ') ?? ANY;
  return `${what}${sources ? ` from ${sources.join(', ')}` : ''}${more ? ', and other conditions' : ''}`;
}

function ends({ subscribers, forwardsTo, others }: EventFlow['subscriptions'][number]): string {
  const all = [...subscribers, ...forwardsTo.map((name) => `bus ${name}`), ...others];
  return all.length === 0 ? 'calls nothing' : all.join(', ');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `**${title}**`, '', ...lines.map((line) => `- ${codeInMarkdown(line)}`)];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '"': '#quot;',
  '<': '#lt;',
  '>': '#gt;',
  '&': '#amp;',
  '`': '#96;',
};

/** A name as the text of a node: no end of it, no HTML and no Markdown. */
function inMermaid(text: string): string {
  return visible(text).replace(/["<>&`]/g, (character) => ENTITIES[character]!);
}
