import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Check } from '../../lib/core/check/check';
import { either, filled, having, known, list, needed } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';
import type { EventHub } from './event-hub';

/** Which events a hub passes on, and to whom. */
export interface ForwardProps {
  /** Another hub, or a bus: of this account, another, or another region. */
  readonly to: EventHub | IEventBus;
  /**
   * Whose events, exact.
   * @default - anybody's
   */
  readonly source?: string | readonly string[];
  /**
   * Which events, exact.
   * @default - of any type
   */
  readonly types?: readonly string[];
}

const NAME = known(filled('shop.orders'));

/** What may be passed on. */
export const FORWARD: Shape<ForwardProps> = {
  to: needed(
    having('a hub or a bus', ['bus', 'eventBusArn'], 'pass the hub, or EventBus.fromEventBusArn(...)'),
    'name to whom',
  ),
  source: either(
    'must be a name or a list of names',
    () => "write it as 'shop.orders'",
    NAME,
    list(NAME, "['shop.orders']"),
  ),
  types: list(known(filled('OrderPlaced')), "['OrderPlaced']"),
};

/** The hubs that pass on to, and get from, another hub. */
const passing = new WeakSet<object>();
const getting = new WeakSet<object>();

/** Remembers that one passes on to the other. */
export function remember(from: EventHub, to: EventHub | IEventBus): void {
  passing.add(from);
  getting.add(to);
}

/** What may not be passed on: EventBridge drops, without a word, what a bus would pass on that another bus sent it. */
export function forwardChecks(from: EventHub, { to }: ForwardProps): Check[] {
  return [
    {
      prop: 'to',
      value: to,
      valid: () => to !== from && to !== from.bus,
      rule: 'must be another bus',
      remedy: 'name another hub',
    },
    {
      prop: 'to',
      value: to,
      valid: () => !getting.has(from),
      rule: 'must not be given for a hub that gets events from another: EventBridge passes them on once, and drops them here',
      remedy: 'pass them on from the hub on which they are published',
    },
    {
      prop: 'to',
      value: to,
      valid: () => !('maxEntrySize' in to) || to.maxEntrySize >= from.maxEntrySize,
      rule: "must not be a hub with a smaller 'maxEntrySize', whose targets need not take what is passed on",
      remedy: 'raise it there as well',
    },
    {
      prop: 'to',
      value: to,
      valid: () => !passing.has(to),
      rule: 'must not be a hub that passes events on: EventBridge passes them on once, and drops them there',
      remedy: 'pass them on from here to each of its own',
    },
  ];
}
