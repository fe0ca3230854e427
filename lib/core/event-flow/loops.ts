import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import { boundsHops, mayTake } from './interest';
import { type Bus, flowGraph, type Listening } from './graph';
import type { Saying } from './sayings';

/** That events of one may call another, through a rule. */
export interface Step {
  readonly from: Resource;
  readonly rule: Resource;
  readonly to: Resource;
}

/** Events that may go round for ever: each step calls the next, and the last the first. */
export type Loop = readonly Step[];

/**
 * The rounds in which events may go, of any number of hops: for each publisher that is in one, the shortest. A publisher of
 * which no policy says what it publishes is in none: nothing says so. A rule that takes events only up to a number of hops
 * ends a round.
 */
export function loops(model: Model): readonly Loop[] {
  const steps = stepsOf(model);
  const found: Loop[] = [];
  const reported = new Set<Resource>();
  for (const start of new Set(steps.map(({ from }) => from))) {
    if (reported.has(start)) continue;
    const loop = shortest(steps, start);
    if (loop === undefined) continue;
    found.push(loop);
    for (const { from } of loop) reported.add(from);
  }
  return found;
}

/** Which publisher may call which subscriber. */
export function stepsOf(model: Model): readonly Step[] {
  const { publishings, listenings } = flowGraph(model);
  return publishings
    .filter(({ sources, types }) => sources !== undefined || types !== undefined)
    .flatMap(({ publisher, bus, ...saying }) =>
      received(listenings, bus, saying, false).flatMap(({ rule, subscribers }) =>
        subscribers.map((to) => ({ from: publisher, rule, to })),
      ),
    );
}

/**
 * The rules that match events on a bus, and on a bus to which a rule forwards them: these forward no further.
 * @param bounded those too that take events only up to a number of hops
 */
export function received(
  listenings: readonly Listening[],
  bus: Bus,
  saying: Saying,
  bounded: boolean,
): readonly Listening[] {
  const takes = ({ pattern }: Listening) => (bounded || !boundsHops(pattern)) && mayTake(pattern, saying);
  const direct = listenings.filter((one) => one.bus === bus && takes(one));
  const passed = direct.flatMap(({ forwards }) => listenings.filter((one) => forwards.includes(one.bus) && takes(one)));
  return [...new Set([...direct, ...passed])];
}

function shortest(steps: readonly Step[], start: Resource): Loop | undefined {
  let ways: readonly Loop[] = steps.filter(({ from }) => from === start).map((step) => [step]);
  const seen = new Set<Resource>();
  while (ways.length > 0) {
    const closed = ways.find((way) => way.at(-1)!.to === start);
    if (closed) return closed;
    ways = ways.flatMap((way) => {
      const { to } = way.at(-1)!;
      if (seen.has(to)) return [];
      seen.add(to);
      return steps.filter(({ from }) => from === to).map((step) => [...way, step]);
    });
  }
  return undefined;
}

/** `Orders/Place -> (Shop/Billing) -> Billing/Bill -> ...`, back to the first. */
export function loopInWords(loop: Loop): string {
  return [...loop.map(({ from }) => displayName(from)), displayName(loop[0]!.from)].join(' -> ');
}
