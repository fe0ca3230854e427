import { Stack } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { elsewhere, nameOf } from '../access/place';
import { isFunction, settingsOf } from '../service-function';
import type { HandlerSource } from '../service-function-props';
import { canBeWrapped } from '../wrapped-handler';
import { BucketEvents } from './bucket-events';
import { isMadeHere } from './object-events';

/** How a processor listens to a bucket. */
export interface ListeningProps {
  /** Processes the files. */
  readonly handler: HandlerSource;
  readonly bucket?: IBucket;
  /** How file events reach the queue. */
  readonly via?: 'event-bridge' | 'notification';
  /** How to treat an imported bucket. */
  readonly imported?: 'enabled' | 'merge';
}

/** Checks that a bucket's events will arrive. */
export function bucketChecks(scope: Construct, { handler, bucket, via, imported }: ListeningProps): Check[] {
  const foreign = bucket !== undefined && !isMadeHere(bucket);
  const [here, there] = [Stack.of(scope), bucket?.env ?? Stack.of(scope)];
  return [
    {
      prop: 'bucket',
      value: bucket,
      valid: () => !elsewhere(here, there),
      rule: `must be in the account and region of what processes its files (${nameOf(here)}), where its events are set up: it is in ${nameOf(there)}`,
      remedy: 'put the FileProcessor there, or replicate the files into a bucket here',
    },
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
      valid: () =>
        via !== 'notification' ||
        bucket === undefined ||
        Stack.of(bucket) === Stack.of(scope) ||
        elsewhere(here, there),
      rule: "must be in the same stack with 'via' 'notification', because bucket and queue refer to each other",
      remedy: "use 'event-bridge'",
    },
    {
      prop: 'bucket',
      value: bucket,
      valid: () => bucket === undefined || foreign || BucketEvents.canRead(bucket),
      rule: 'must have a notification configuration that is known at synthesis',
      remedy: "set the bucket's notifications with 'addEventNotification'",
    },
    {
      prop: 'imported',
      value: imported,
      valid: () => (foreign ? imported === 'enabled' || imported === 'merge' : imported === undefined),
      rule: foreign
        ? "must be 'enabled' or 'merge' for a bucket that this app does not create"
        : 'must not be given for a bucket that this app creates',
      remedy: foreign
        ? "set 'enabled' if EventBridge is already on for the bucket, or 'merge' to switch it on at deployment"
        : 'leave it out',
    },
    {
      prop: 'imported',
      value: imported,
      valid: () => via !== 'notification' || imported !== 'enabled',
      rule: "must be 'merge' with 'via' 'notification', which changes the bucket",
      remedy: "use 'merge', or 'event-bridge'",
    },
  ];
}
