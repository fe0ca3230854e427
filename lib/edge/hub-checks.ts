import type { Check } from '../core/check/check';
import { choiceChecks } from '../core/event-pattern/choice';
import { cloudflare as facts, within } from '../core/facts';
import type { EdgeChoice, EdgeSubscribeArgs } from './hub-args';
import { patternOf } from './hub-pattern';

/** Checks of a hub. */
export function hubChecks(retryDelay: number): Check[] {
  const { min } = facts.queueDelay.value;
  const attempts = facts.queueRetries.value.max;
  const most = Math.floor((facts.queueDefaultRetention.value - 1) / attempts);
  return [
    {
      prop: 'retryDelay',
      value: retryDelay,
      valid: () => Number.isInteger(retryDelay) && within({ min, max: most }, retryDelay),
      rule: `must be a whole number of seconds from ${min} to ${most}, so that ${attempts} more attempts end before the queue deletes the event`,
      remedy: 'give it in seconds',
    },
  ];
}

/** State of a hub when a subscription is added. */
interface HubState {
  /** Whether the bindings of its Worker are settled. */
  readonly settled: boolean;
  /** How many subscriptions it has. */
  readonly subscriptions: number;
}

/** Checks that a hub can deliver the events of a choice. */
export function deliveryChecks(name: string, choice: EdgeChoice, hub: HubState): Check[] {
  const pattern = JSON.stringify(patternOf(choice));
  return [
    ...choiceChecks(choice),
    {
      prop: 'subscribe',
      value: name,
      valid: () => !hub.settled,
      rule: "must be called before the program awaits anything, after which the hub's bindings are final",
      remedy: 'call it right after creating the hub, before any await',
    },
    {
      prop: 'detail',
      value: Buffer.byteLength(pattern),
      valid: () => Buffer.byteLength(pattern) <= facts.variableSize.value,
      rule: `must be a pattern of at most ${facts.variableSize.value} bytes of JSON, with source and types`,
      remedy: 'match less, and filter in the handler',
    },
    {
      prop: 'subscribe',
      value: hub.subscriptions + 1,
      // Each has a pattern variable, and the platform limits variables.
      valid: () => hub.subscriptions < facts.variables.value,
      rule: `must be called at most ${facts.variables.value} times per hub`,
      remedy: 'create a hub per part of the system',
    },
  ];
}

/** Checks that a subscription's own bindings do not clash with ours. */
export function reservedNames({ access, environment, secrets }: EdgeSubscribeArgs): Check[] {
  return Object.entries({ access, environment, secrets }).flatMap(([prop, given]) =>
    Object.keys(given ?? {})
      .filter((name) => name === 'SUBSCRIPTION' || name === 'SUBSCRIPTION_PROCESSED')
      .map((name) => ({
        prop: `${prop}.${name}`,
        value: name,
        valid: () => false,
        rule: 'must not be named SUBSCRIPTION or SUBSCRIPTION_PROCESSED, which the subscription uses',
        remedy: 'rename it',
      })),
  );
}

/** Checks that a list of types is not empty. */
export function typesGiven(types: readonly string[]): Check {
  return {
    prop: 'types',
    value: types,
    valid: () => types.length > 0,
    rule: 'must name at least one type',
    remedy: "name the types: ['OrderPlaced']",
  };
}

/** Checks that events may be posted to an address. */
export function addressGiven(to: unknown): Check {
  return {
    prop: 'to',
    value: to,
    valid: () => typeof to !== 'string' || /^https:\/\/[^\s@]+$/.test(to),
    rule: 'must be a URL that starts with https://',
    remedy: "write it as 'https://hooks.example.com/events'",
  };
}
