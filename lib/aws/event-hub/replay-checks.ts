import type { CfnArchive } from 'aws-cdk-lib/aws-events';
import type { Node } from 'constructs';
import type { Check } from '../../core/check/check';
import { having, list, needed } from '../../core/check/kinds';
import { kindChecks } from '../../core/check/shape';

/** A subscription that a replay may name. */
export interface ReplaySubscription {
  readonly node: Node;
  readonly replays?: 'skip' | 'process';
}

/** Whose archive is replayed. */
export interface ReplayedHub {
  readonly archive?: CfnArchive;
  /** All its subscriptions. */
  readonly subscriptions: readonly ReplaySubscription[];
}

const REPLAYED = needed(
  list(having('a subscription', 'replays', "pass what 'hub.subscribe(...)' has returned"), '[billing]'),
  'name the subscriptions that get the events again: [billing]',
);

/** Checks of a replay for some subscriptions of a hub. */
export function replayChecks(hub: ReplayedHub, subscriptions: readonly ReplaySubscription[]): Check[] {
  const { archive } = hub;
  const all = Array.isArray(subscriptions) ? (subscriptions as readonly ReplaySubscription[]) : [];
  const names = all.map((one) => one?.node?.id);
  return [
    ...kindChecks(REPLAYED, 'subscriptions', subscriptions),
    {
      prop: 'replay',
      value: archive,
      valid: () => archive !== undefined,
      rule: "must not be requested without an 'archive'",
      remedy: 'give the hub an archive: archive: Duration.days(30)',
    },
    {
      prop: 'subscriptions',
      value: names,
      valid: () => all.every((one) => hub.subscriptions.includes(one)) && new Set(names).size === names.length,
      rule: 'must be subscriptions of this hub, each with an id of its own, by which a replay names it',
      remedy: 'pass those of this hub, and give one of two with the same id another',
    },
    {
      prop: 'replay',
      value: names,
      valid: () => all.length > 0 && all.every(({ replays }) => replays === 'process'),
      rule: "must name subscriptions with replays: 'process', at least one: any other rule would get nothing, and with no names every rule would get everything",
      remedy: 'name those whose handlers should process the events again',
    },
  ];
}
