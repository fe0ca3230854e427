import { at, items, toText } from '../../../core/model/select';
import type { Resource } from '../../../core/model/model';
import { Text, type Value } from '../../../core/model/values';
import { each, type Rule } from '../../rule';

const LISTS = ['LambdaConfigurations', 'QueueConfigurations', 'TopicConfigurations'];

export const bucketNotificationOverlap: Rule = {
  id: 'BucketNotificationOverlap',
  severity: 'error',
  title: 'No two notifications of a bucket are about the same objects and events',
  why: 'S3 rejects the deployment: an event goes to one destination.',
  fix: 'tell them apart by prefix, suffix or event; or send the events to EventBridge, whose rules may overlap',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html',
  check: each(['AWS::S3::Bucket'], function* (bucket) {
    const all = notificationsOf(bucket);
    for (const [index, one] of all.entries()) {
      const earlier = all.slice(0, index);
      const other = earlier.find((each) => overlap(each, one));
      const { property } = one;
      if (other) {
        const { start } = one.event;
        const message = `is about ${start}, as ${other.property.replace('NotificationConfiguration.', '')} is for the same objects`;
        yield { resource: bucket, property, message, detail: start };
      } else if (earlier.some((each) => overlap(each, one) === undefined)) {
        yield { resource: bucket, property, reason: 'its event or filter is known only at deployment' };
      }
    }
  }),
};

interface Notification {
  readonly property: string;
  readonly event: Part;
  readonly prefix: Part;
  readonly suffix: Part;
}

/** A text as far as it is known: how it begins and how it ends. */
interface Part {
  readonly start: string;
  readonly end: string;
  /** Whether there is more to it that is known only at deployment. */
  readonly open: boolean;
}

function notificationsOf(bucket: Resource): readonly Notification[] {
  return LISTS.flatMap((list) =>
    items(at(bucket, `NotificationConfiguration.${list}`)).map((one, index) =>
      notification(one, `NotificationConfiguration.${list}.${index}`),
    ),
  );
}

function notification(one: Value, property: string): Notification {
  const rules = items(at(one, 'Filter.S3Key.Rules'));
  const valueOf = (name: string) =>
    rules.filter((rule) => toText(at(rule, 'Name'))?.toLowerCase() === name).map((rule) => at(rule, 'Value'))[0] ??
    rules.find((rule) => toText(at(rule, 'Name')) === undefined) ??
    '';
  const [event, prefix, suffix] = [at(one, 'Event') ?? '', valueOf('prefix'), valueOf('suffix')].map(partOf);
  return { property, event: event!, prefix: prefix!, suffix: suffix! };
}

function partOf(value: Value): Part {
  const text = toText(value);
  if (text !== undefined) return { start: text, end: text, open: false };
  const parts = value instanceof Text ? value.parts : [];
  return { start: toText(parts[0]) ?? '', end: toText(parts.at(-1)) ?? '', open: true };
}

/** Whether both are about some of the same objects and events; undefined where only the deployment tells. */
function overlap(one: Notification, other: Notification): boolean | undefined {
  const fits = [
    eventsMeet(one.event, other.event),
    meet(
      one.prefix,
      other.prefix,
      ({ start }) => start,
      (text, beginning) => text.startsWith(beginning),
    ),
    meet(
      one.suffix,
      other.suffix,
      ({ end }) => end,
      (text, ending) => text.endsWith(ending),
    ),
  ];
  return fits.includes(false) ? false : fits.includes(undefined) ? undefined : true;
}

function eventsMeet(one: Part, other: Part): boolean | undefined {
  const within = (a: string, b: string) => a === b || (b.endsWith('*') && a.startsWith(b.slice(0, -1)));
  if (!one.open && !other.open) return within(one.start, other.start) || within(other.start, one.start);
  const [a, b] = [one.start, other.start].map((text) => text.replace(/\*$/, '')) as [string, string];
  return a.startsWith(b) || b.startsWith(a) ? undefined : false;
}

/** A known end that the other one surely has decides, whatever else that one is. */
function meet(
  one: Part,
  other: Part,
  known: (part: Part) => string,
  has: (text: string, end: string) => boolean,
): boolean | undefined {
  const [a, b] = [known(one), known(other)];
  if ((!other.open && has(a, b)) || (!one.open && has(b, a))) return true;
  return has(a, b) || has(b, a) ? undefined : false;
}
