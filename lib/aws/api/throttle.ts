import type { Check } from '../../core/check/check';
import { needed, number, object } from '../../core/check/kinds';

/** How many requests an API accepts; excess requests get a 429. */
export interface ThrottleProps {
  /** Sustained requests per second. More than 0. */
  readonly rate: number;
  /** Burst: requests accepted at once before the rate applies. 1 or more. */
  readonly burst: number;
}

/** A throttle. */
export const THROTTLE = object<ThrottleProps>(
  {
    rate: needed(number, 'give the requests per second'),
    burst: needed(number, 'give the requests that may arrive at once'),
  },
  '{ rate: 100, burst: 200 }',
  { rateLimit: "write 'rate'", burstLimit: "write 'burst'" },
);

/** Checks of a throttle; `prop` is where it is written. */
export function throttleChecks(prop: string, { rate, burst }: ThrottleProps): Check[] {
  return [
    {
      prop: `${prop}.rate`,
      value: rate,
      valid: () => rate > 0,
      rule: 'must be more than 0 requests per second',
      remedy: 'give what the functions and their backends can serve',
    },
    {
      prop: `${prop}.burst`,
      value: burst,
      valid: () => Number.isInteger(burst) && burst >= 1,
      rule: 'must be a whole number of requests, 1 or more',
      remedy: 'give how many may arrive at once',
    },
  ];
}
