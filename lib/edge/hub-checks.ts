import type { Check } from '../core/check/check';
import { choiceChecks } from '../core/event-pattern/choice';
import { cloudflare as facts, within } from '../core/facts';
import type { EdgeChoice, EdgeSubscribeArgs } from './hub-args';
import { patternOf } from './hub-pattern';

/** What a hub may be made with. */
export function hubChecks(retryDelay: number): Check[] {
  const { min } = facts.queueDelay.value;
  const attempts = facts.queueRetries.value.max;
  const most = Math.floor((facts.queueDefaultRetention.value - 1) / attempts);
  return [
    {
      prop: 'retryDelay',
      value: retryDelay,
      valid: () => Number.isInteger(retryDelay) && within({ min, max: most }, retryDelay),
      rule: `must be a whole number of seconds from ${min} to ${most}, so that ${attempts} more attempts end before the queue forgets the event`,
      remedy: 'give it in seconds',
    },
  ];
}

/** A hub as a further subscription finds it. */
interface HubState {
  /** Whether the bindings of its Worker are settled. */
  readonly settled: boolean;
  /** How many subscriptions it has. */
  readonly subscriptions: number;
}

/** That a hub can hand somebody the events of a choice. */
export function deliveryChecks(name: string, choice: EdgeChoice, hub: HubState): Check[] {
  const pattern = JSON.stringify(patternOf(choice));
  return [
    ...choiceChecks(choice),
    {
      prop: 'subscribe',
      value: name,
      valid: () => !hub.settled,
      rule: 'must be called before the program waits for something, since the bindings of the hub are settled then',
      remedy: 'call it right after the hub is made, before any await',
    },
    {
      prop: 'detail',
      value: Buffer.byteLength(pattern),
      valid: () => Buffer.byteLength(pattern) <= facts.variableSize.value,
      rule: `must be a pattern of at most ${facts.variableSize.value} bytes of JSON, with source and types`,
      remedy: 'ask for less, and look closer in the handler',
    },
    {
      prop: 'subscribe',
      value: hub.subscriptions + 1,
      // Each has a pattern, and the platform counts variables.
      valid: () => hub.subscriptions < facts.variables.value,
      rule: `must be called at most ${facts.variables.value} times for one hub`,
      remedy: 'make a hub for each part of the system',
    },
  ];
}

/** That a subscription leaves the names of its own bindings alone. */
export function reservedNames({ access, environment, secrets }: EdgeSubscribeArgs): Check[] {
  return Object.entries({ access, environment, secrets }).flatMap(([prop, given]) =>
    Object.keys(given ?? {})
      .filter((name) => name === 'SUBSCRIPTION' || name === 'SUBSCRIPTION_PROCESSED')
      .map((name) => ({
        prop: `${prop}.${name}`,
        value: name,
        valid: () => false,
        rule: 'must leave the names SUBSCRIPTION and SUBSCRIPTION_PROCESSED to the subscription',
        remedy: 'rename it',
      })),
  );
}

/** That a list of types names one. */
export function typesGiven(types: readonly string[]): Check {
  return {
    prop: 'types',
    value: types,
    valid: () => types.length > 0,
    rule: 'must name at least one type',
    remedy: "name which: ['OrderPlaced']",
  };
}

/** That an address is one to which events may be posted. */
export function addressGiven(to: unknown): Check {
  return {
    prop: 'to',
    value: to,
    valid: () => typeof to !== 'string' || /^https:\/\/[^\s@]+$/.test(to),
    rule: 'must be an address that begins with https://',
    remedy: "write it as 'https://hooks.example.com/events'",
  };
}
