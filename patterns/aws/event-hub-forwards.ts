import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Check } from '../../lib/core/check/check';
import { either, filled, having, known, list, needed } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';
import type { EventHub } from './event-hub';

/** Which events a hub forwards, and where to. */
export interface ForwardProps {
  /** Another hub, or a bus: in this account, another account or another region. */
  readonly to: EventHub | IEventBus;
  /**
   * Sources to forward, by exact name.
   * @default - any source
   */
  readonly source?: string | readonly string[];
  /**
   * Event types to forward, by exact name.
   * @default - any type
   */
  readonly types?: readonly string[];
}

const NAME = known(filled('shop.orders'));

/** Props of a forwarding. */
export const FORWARD: Shape<ForwardProps> = {
  to: needed(
    having('a hub or a bus', ['bus', 'eventBusArn'], 'pass the hub, or EventBus.fromEventBusArn(...)'),
    'name the hub or bus to forward to',
  ),
  source: either(
    'must be a name or a list of names',
    () => "write it as 'shop.orders'",
    NAME,
    list(NAME, "['shop.orders']"),
  ),
  types: list(known(filled('OrderPlaced')), "['OrderPlaced']"),
};

/** Hubs that forward to another hub, or receive from one. */
const passing = new WeakSet<object>();
const getting = new WeakSet<object>();

/** Records that one forwards to the other. */
export function remember(from: EventHub, to: EventHub | IEventBus): void {
  passing.add(from);
  getting.add(to);
}

/** Refuses second hops: EventBridge silently drops an event that a bus forwards after receiving it from another bus. */
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
      rule: 'must not be given for a hub that receives events from another: EventBridge forwards an event once only, and drops it here',
      remedy: 'forward them from the hub they are published on',
    },
    {
      prop: 'to',
      value: to,
      valid: () => !('maxEntrySize' in to) || to.maxEntrySize >= from.maxEntrySize,
      rule: "must not be a hub with a smaller 'maxEntrySize', whose targets might not accept the forwarded events",
      remedy: 'raise it there too',
    },
    {
      prop: 'to',
      value: to,
      valid: () => !passing.has(to),
      rule: 'must not be a hub that forwards events: EventBridge forwards an event once only, and drops it there',
      remedy: 'forward from here to each of its targets instead',
    },
  ];
}
