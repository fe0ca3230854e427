import type { types } from '@pulumi/cloudflare';
import type * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { cloudflare as facts, within } from '../core/facts';
import { isPreview } from './preview';

/** What happens to objects as they age. */
export interface LifecycleRule {
  /**
   * Only objects whose key starts with this.
   * @default - all objects
   */
  readonly prefix?: string;
  /**
   * Days after which an object is deleted, from 1.
   * @default - never
   */
  readonly expireAfter?: number;
  /**
   * Days after which an object moves to Infrequent Access storage, from 1.
   * @default - never
   */
  readonly infrequentAccessAfter?: number;
}

/** Which events of a bucket a queue is notified of. */
export interface BucketNotification {
  /** The queue: `worker.queue` of an `EdgeQueueWorker`, or any other. */
  readonly queue: { readonly queueId: pulumi.Input<string> };
  /**
   * Kinds of events.
   * @default ['create']
   */
  readonly on?: readonly ('create' | 'delete')[];
  /**
   * Only objects whose key starts with one of these.
   * @default - all objects
   */
  readonly prefix?: string | readonly string[];
  /**
   * Only objects whose key ends with this.
   * @default - all objects
   */
  readonly suffix?: string;
}

const DAY = 86_400;

/** The platform's default rule for incomplete uploads, which is lost when other rules are set. */
const ABANDONED_UPLOADS: types.input.R2BucketLifecycleRule = {
  id: 'abandoned-uploads',
  enabled: true,
  conditions: { prefix: '' },
  abortMultipartUploadsTransition: { condition: { type: 'Age', maxAge: 7 * DAY } },
};

/** Only an empty bucket can be deleted: a preview's objects expire after a day, and the bucket can go. */
const PREVIEW: types.input.R2BucketLifecycleRule = {
  id: 'preview',
  enabled: true,
  conditions: { prefix: '' },
  deleteObjectsTransition: { condition: { type: 'Age', maxAge: DAY } },
};

/** A bucket's lifecycle rules, with ages in seconds. */
export function lifecycleOf(rules: Readonly<Record<string, LifecycleRule>> = {}): types.input.R2BucketLifecycleRule[] {
  return [
    ABANDONED_UPLOADS,
    ...(isPreview() ? [PREVIEW] : []),
    ...Object.entries(rules).map(([id, { prefix = '', expireAfter, infrequentAccessAfter }]) => ({
      id,
      enabled: true,
      conditions: { prefix },
      deleteObjectsTransition: expireAfter ? { condition: { type: 'Age', maxAge: expireAfter * DAY } } : undefined,
      storageClassTransitions: infrequentAccessAfter
        ? [{ storageClass: 'InfrequentAccess', condition: { type: 'Age', maxAge: infrequentAccessAfter * DAY } }]
        : undefined,
    })),
  ];
}

/** The queue and the rules of a notification. */
export function notificationOf({ queue, on = ['create'], prefix, suffix }: BucketNotification): {
  readonly queueId: pulumi.Input<string>;
  readonly rules: types.input.R2BucketEventNotificationRule[];
} {
  const actions = on.flatMap((event) => [...facts.bucketEvents.value[event]]);
  return {
    queueId: queue.queueId,
    rules:
      [prefix ?? []].flat().length > 0
        ? [prefix!].flat().map((start) => ({ actions, prefix: start, suffix }))
        : [{ actions, suffix }],
  };
}

/** Checks of a bucket's rules. */
export function bucketChecks({
  lifecycle = {},
  notifications = {},
  bucketName,
}: {
  readonly lifecycle?: Readonly<Record<string, LifecycleRule>>;
  readonly notifications?: Readonly<Record<string, BucketNotification>>;
  readonly bucketName?: pulumi.Input<string>;
}): Check[] {
  return [
    {
      prop: 'bucketName',
      value: bucketName,
      valid: () => bucketName === undefined || isBucketName(String(bucketName)),
      rule: `must have ${facts.bucketNameLength.value.min} to ${facts.bucketNameLength.value.max} lower-case letters, digits and dashes`,
      remedy: 'leave it out for a derived name',
    },
    {
      prop: 'lifecycle',
      value: Object.keys(lifecycle).length,
      valid: () => Object.keys(lifecycle).length < facts.lifecycleRules.value,
      rule: `must have fewer than ${facts.lifecycleRules.value} rules`,
      remedy: 'let prefixes share rules',
    },
    ...Object.entries(lifecycle).flatMap(([id, rule]) => lifecycleChecks(`lifecycle.${id}`, rule)),
    ...Object.entries(notifications).flatMap(([key, notification], index) => {
      const others = Object.entries(notifications).slice(0, index);
      const clash = others.find(([, other]) => overlaps(notification, other))?.[0];
      const twin = others.find(([, other]) => other.queue === notification.queue)?.[0];
      return [
        {
          prop: `notifications.${key}`,
          value: key,
          valid: () => clash === undefined,
          rule: `must not cover the same objects as 'notifications.${clash}': R2 refuses overlapping rules`,
          remedy: "set a 'prefix' or 'suffix' that tells them apart",
        },
        {
          prop: `notifications.${key}.queue`,
          value: key,
          valid: () => twin === undefined,
          rule: `must not be the queue of 'notifications.${twin}': R2 keeps one set of rules per queue`,
          remedy: "put both in one notification with a list as 'prefix'",
        },
      ];
    }),
  ];
}

function lifecycleChecks(prop: string, { expireAfter, infrequentAccessAfter }: LifecycleRule): Check[] {
  return [
    ...Object.entries({ expireAfter, infrequentAccessAfter }).map(([key, days]) => ({
      prop: `${prop}.${key}`,
      value: days,
      valid: () => days === undefined || (Number.isInteger(days) && days >= 1),
      rule: 'must be a whole number of days from 1',
      remedy: 'give it in days',
    })),
    {
      prop,
      value: { expireAfter, infrequentAccessAfter },
      valid: () => expireAfter !== undefined || infrequentAccessAfter !== undefined,
      rule: 'must do something',
      remedy: "set 'expireAfter' or 'infrequentAccessAfter'",
    },
    {
      prop: `${prop}.infrequentAccessAfter`,
      value: infrequentAccessAfter,
      reads: [expireAfter],
      valid: () => infrequentAccessAfter === undefined || infrequentAccessAfter < (expireAfter ?? Infinity),
      rule: `must come before 'expireAfter' of ${expireAfter} days`,
      remedy: 'lower it or remove it: moving an object costs a request',
    },
  ];
}

function overlaps(one: BucketNotification, other: BucketNotification): boolean {
  const starts = ({ prefix = '' }: BucketNotification) => [prefix].flat();
  const [suffix = '', otherSuffix = ''] = [one.suffix, other.suffix];
  return (
    (one.on ?? ['create']).some((event) => (other.on ?? ['create']).includes(event)) &&
    starts(one).some((a) => starts(other).some((b) => a.startsWith(b) || b.startsWith(a))) &&
    (suffix.endsWith(otherSuffix) || otherSuffix.endsWith(suffix))
  );
}

function isBucketName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]*[a-z0-9]$/.test(text) && within(facts.bucketNameLength.value, text.length);
}
