import { needed, number, object } from '../../core/check/kinds';

/** How many requests an API takes; more are answered 429. */
export interface ThrottleProps {
  /** Requests per second, over time. More than 0. */
  readonly rate: number;
  /** Requests at once, before the rate holds. 1 or more. */
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
