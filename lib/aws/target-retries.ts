import { Duration } from 'aws-cdk-lib';
import * as facts from '../core/facts/events';

/** The longest retries of a rule's target that EventBridge allows; what still fails goes to its dead-letter queue. */
export function longestRetries(): { readonly maxEventAge: Duration; readonly retryAttempts: number } {
  return { maxEventAge: Duration.seconds(facts.eventAge.value.max), retryAttempts: facts.retryAttempts.value.max };
}
