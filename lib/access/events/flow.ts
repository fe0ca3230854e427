import { withoutBasis } from '../../core/iam/basis';
import { displayName } from '../../core/model/display';
import type { Model } from '../../core/model/model';
import { isList, isMap, items, toText } from '../../core/model/select';
import type { Value } from '../../core/model/values';
import { type Bus, flowGraph, isOpenBus, type Listening } from '../../core/event-flow/graph';
import { boundsHops } from '../../core/event-flow/interest';
import { received, loopInWords, loops } from '../../core/event-flow/loops';

/** A principal's permission to publish on a bus. Absent sources or types mean any. */
export interface EventPublisher {
  /**
   * The holder of the role: a function, a state machine, a pipe, a route; or the role itself if unused. By construct
   * path.
   */
  readonly publisher: string;
  /** The bus, by its construct path, or by its name; `<...>` is known only at deployment. */
  readonly bus: string;
  /** The sources. */
  readonly sources?: readonly string[];
  /** The event types. */
  readonly types?: readonly string[];
  /** The rules that may match it; empty if nothing here receives it. */
  readonly heardBy: readonly string[];
  /** Whether the bus, and with it its other subscribers, is known only at deployment. */
  readonly open?: true;
}

/** A subscription to a bus. */
export interface EventSubscription {
  /** The rule, by its construct path. */
  readonly rule: string;
  /** Its bus. */
  readonly bus: string;
  /** Sources it matches, in words; absent if any. */
  readonly sources?: readonly string[];
  /** The event types. */
  readonly types?: readonly string[];
  /** Whether it matches on more: data, an account. */
  readonly more?: true;
  /** Whether it limits the number of hops. */
  readonly bounded?: true;
  /** The functions and state machines finally called, behind queues and topics. */
  readonly subscribers: readonly string[];
  /** The buses it forwards to. */
  readonly forwardsTo: readonly string[];
  /** Targets whose further effects are unknown here. */
  readonly others: readonly string[];
}

/** Who publishes what to whom. Deterministic for the same templates. */
export interface EventFlow {
  /** The version of this format. */
  readonly version: 1;
  /** The buses in the templates, and referenced ones. */
  readonly buses: readonly string[];
  /** Sorted by publisher. */
  readonly publishers: readonly EventPublisher[];
  /** Sorted by rule. */
  readonly subscriptions: readonly EventSubscription[];
  /** Possible event loops: `A -> B -> A`. */
  readonly loops: readonly string[];
}

/**
 * Who publishes what to whom, by the policies and rules of any model: publishers with what they may publish, buses, rules with
 * what they match, and what is called in the end.
 *
 * @example
 * flowOf(read('cdk.out')).loops;
 */
export function flowOf(model: Model): EventFlow {
  const { publishings, listenings } = flowGraph(model);
  const names = [...publishings, ...listenings].map(({ bus }) => nameOf(bus));
  return {
    version: 1,
    buses: sorted([...names, ...listenings.flatMap(({ forwards }) => forwards.map(nameOf)), ...own(model)]),
    publishers: publishings
      .map(({ publisher, bus, sources, types }) => ({
        publisher: displayName(publisher),
        bus: nameOf(bus),
        ...(isOpenBus(bus) && { open: true as const }),
        ...(sources && { sources: sorted(sources) }),
        ...(types && { types: sorted(types) }),
        heardBy: sorted(
          received(listenings, bus, { ...(sources && { sources }), ...(types && { types }) }, true).map(({ rule }) =>
            displayName(rule),
          ),
        ),
      }))
      .sort(
        (a, b) => order(a.publisher, b.publisher) || order(a.bus, b.bus) || order(String(a.types), String(b.types)),
      ),
    subscriptions: listenings.map(subscription).sort((a, b) => order(a.rule, b.rule)),
    loops: loops(model).map(loopInWords).sort(order),
  };
}

function own(model: Model): readonly string[] {
  return model.ofType('AWS::Events::EventBus').map(displayName);
}

function subscription({ rule, bus, pattern, subscribers, forwards, others }: Listening): EventSubscription {
  const [sources, types] = [words(pattern, 'source'), words(pattern, 'detail-type')];
  const more = !isMap(pattern) || Object.keys(pattern).some((name) => name !== 'source' && name !== 'detail-type');
  return {
    rule: displayName(rule),
    bus: nameOf(bus),
    ...(sources && { sources }),
    ...(types && { types }),
    ...(more && { more }),
    ...(boundsHops(pattern) && { bounded: true as const }),
    subscribers: sorted(subscribers.map(displayName)),
    forwardsTo: sorted(forwards.map(nameOf)),
    others: sorted(others),
  };
}

/** What a rule requires of a field: exact strings as they are, `shop.*` for a prefix, anything else in its own syntax. */
function words(pattern: Value | undefined, field: string): readonly string[] | undefined {
  const filter = isMap(pattern) ? pattern[field] : undefined;
  if (!isList(filter)) return undefined;
  return items(filter).map((item) => {
    const text = toText(item);
    if (text !== undefined || !isMap(item)) return text ?? '?';
    const [operator = '', operand] = Object.entries(item)[0] ?? [];
    return operator === 'prefix' && toText(operand) !== undefined ? `${toText(operand)}*` : JSON.stringify(item);
  });
}

function nameOf(bus: Bus): string {
  return typeof bus === 'string' ? withoutBasis(bus) : displayName(bus);
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const sorted = (all: readonly string[]) => [...new Set(all)].sort(order);
