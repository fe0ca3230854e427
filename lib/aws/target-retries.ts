import { Duration } from 'aws-cdk-lib';
import * as facts from '../core/facts/events';

/** A target of a rule is tried as long and as often as EventBridge does; what then fails goes to its dead-letter queue. */
export function longestRetries(): { readonly maxEventAge: Duration; readonly retryAttempts: number } {
  return { maxEventAge: Duration.seconds(facts.eventAge.value.max), retryAttempts: facts.retryAttempts.value.max };
}
