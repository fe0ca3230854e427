import { Stack } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { isFunction, settingsOf } from '../service-function';
import type { HandlerSource } from '../service-function-props';
import { canBeWrapped } from '../wrapped-handler';
import { BucketEvents } from './bucket-events';
import { isMadeHere } from './object-events';

/** How a processor listens to which bucket. */
export interface ListeningProps {
  /** What works on the files. */
  readonly handler: HandlerSource;
  readonly bucket?: IBucket;
  /** How the queue learns of a file. */
  readonly via?: 'event-bridge' | 'notification';
  /** What to do with an imported bucket. */
  readonly imported?: 'enabled' | 'merge';
}

/** What must hold so that the events of a bucket arrive. */
export function bucketChecks(scope: Construct, { handler, bucket, via, imported }: ListeningProps): Check[] {
  const foreign = bucket !== undefined && !isMadeHere(bucket);
  return [
    {
      prop: 'handler',
      value: isFunction(handler) ? handler : settingsOf(handler).handler,
      valid: () => via !== 'notification' || canBeWrapped(handler),
      rule: "must be the path of a module that exports 'handler' with 'via' 'notification', because keys are decoded around it",
      remedy: "give its path, or use 'event-bridge'",
    },
    {
      prop: 'bucket',
      value: bucket,
      valid: () => via !== 'notification' || bucket === undefined || Stack.of(bucket) === Stack.of(scope),
      rule: "must be of the same stack with 'via' 'notification', because bucket and queue name each other",
      remedy: "use 'event-bridge'",
    },
    {
      prop: 'bucket',
      value: bucket,
      valid: () => bucket === undefined || foreign || BucketEvents.canRead(bucket),
      rule: 'must have a notification configuration that is known at synthesis',
      remedy: "give the bucket its notifications by 'addEventNotification'",
    },
    {
      prop: 'imported',
      value: imported,
      valid: () => (foreign ? imported === 'enabled' || imported === 'merge' : imported === undefined),
      rule: foreign
        ? "must be 'enabled' or 'merge' for a bucket that this app does not make"
        : 'must not be given for a bucket that this app makes',
      remedy: foreign
        ? "say 'enabled' when EventBridge is on for the bucket, or 'merge' to have it set when the stack is deployed"
        : 'leave it out',
    },
    {
      prop: 'imported',
      value: imported,
      valid: () => via !== 'notification' || imported !== 'enabled',
      rule: "must be 'merge' with 'via' 'notification', which is set on the bucket",
      remedy: "use 'merge', or 'event-bridge'",
    },
  ];
}
