import type { Retrier, State } from '../../../../../core/asl/definition';
import { covers } from '../../../../../core/asl/errors';
import type { StateFailure } from './failure';

/** Maximum pause, in seconds. */
const MAX_PAUSE = 31_622_400;

/** The retriers of one visit to a state: the first matching one applies, and each counts its own attempts. */
export class Retries {
  private readonly counts = new Map<Retrier, number>();

  /** @param random between 0 and 1, for jitter */
  constructor(
    private readonly state: State,
    private readonly random: () => number = Math.random,
  ) {}

  /** The pause before the next attempt, in seconds; undefined if there is none. */
  pauseAfter(failure: StateFailure): number | undefined {
    const retrier = this.state.retriers.find(({ errors }) => isCovered(errors, failure));
    if (!retrier) return undefined;
    const count = this.counts.get(retrier) ?? 0;
    if (count >= (retrier.maxAttempts ?? 0)) return undefined;
    this.counts.set(retrier, count + 1);
    const { interval = 1, backoff = 2, maxDelay = MAX_PAUSE, jitter } = retrier;
    const pause = Math.min(interval * backoff ** count, maxDelay, MAX_PAUSE);
    // Jitter applies after the cap.
    return jitter ? pause * this.random() : pause;
  }
}

/** Whether a list of error names matches a failure. */
export function isCovered(errors: readonly string[], { error = '', covered = error }: StateFailure): boolean {
  return covers(errors, error) || covers(errors, covered);
}
