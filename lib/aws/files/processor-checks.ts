import type { Construct } from 'constructs';
import { alarmSettings } from '../alarms/settings-shape';
import { bucketChecks } from './bucket-checks';
import { CHANGES, type FileChange, keepsVersions } from './changes';
import { keyChecks, overlap, partsOf } from './keys';
import { LIFECYCLE, lifecycleChecks } from './lifecycle';
import type { Check } from '../../core/check/check';
import { either, known, list, oneOf, text } from '../../core/check/kinds';
import type { Shape } from '../../core/check/shape';
import { isUnresolved } from '../../core/unresolved';
import { MAPPED_HANDLER } from '../handler-settings';
import { MAX_ATTEMPTS, MAX_CONCURRENCY, QUEUE_BATCH, queueWorkerChecks } from '../queue-consumption';
import { BUCKET, KEY, TOPIC } from '../resource-kinds';
import { keyPattern } from './object-events';
import { eventPattern } from '../../core/facts/events';
import type { FileProcessorProps } from './processor-props';

const ON = list(known(oneOf(...CHANGES)), "['created', 'deleted']");

/** A list of keys that only the deployment knows cannot be compared, nor written into patterns one by one. */
const KEY_PARTS = (example: string) => {
  const several = list(text(example), `['${example}']`);
  const known = { ...several, is: (value: unknown) => several.is(value) && !isUnresolved(value) };
  return either('must be a string, or a list of texts', () => `write it as '${example}'`, text(example), known);
};

/** What the props of a `FileProcessor` may hold. */
export const FILE_PROCESSOR: Shape<FileProcessorProps> = {
  handler: MAPPED_HANDLER,
  bucket: BUCKET,
  prefix: KEY_PARTS('incoming/'),
  suffix: KEY_PARTS('.csv'),
  on: either('must be a kind of change, or a list of them', oneOf(...CHANGES).remedy, oneOf(...CHANGES), ON),
  encryptionKey: KEY,
  lifecycle: LIFECYCLE,
  outputPrefix: text('done/'),
  via: oneOf('event-bridge', 'notification'),
  imported: oneOf('enabled', 'merge'),
  batch: QUEUE_BATCH,
  maxConcurrency: MAX_CONCURRENCY,
  maxAttempts: MAX_ATTEMPTS,
  alarmTopic: TOPIC,
  alarms: alarmSettings('FileProcessor'),
};

/** The changes that a processor is told of. */
export function changesOf({ on = 'created' }: FileProcessorProps): readonly FileChange[] {
  return typeof on === 'string' ? [on] : on;
}

/** Characters of a pattern beside those for keys: the source, the kinds of change, and a bucket's name of 63. */
const AROUND_KEYS = 248;

/** What must hold for the props of a `FileProcessor`. */
export function processorChecks(scope: Construct, props: FileProcessorProps): Check[] {
  const { outputPrefix, bucket, on, lifecycle } = props;
  const prefixes = partsOf(props.prefix);
  const suffixes = partsOf(props.suffix);
  const changes = changesOf(props);
  const keys = JSON.stringify(keyPattern(prefixes, suffixes)).length;
  const most = eventPattern.value - AROUND_KEYS;
  const beginning = prefixes.map((prefix) => `'${prefix}'`).join(', ');
  return [
    ...queueWorkerChecks(props),
    ...keyChecks('prefix', props.prefix),
    ...keyChecks('suffix', props.suffix),
    ...prefixes.map((prefix) => ({
      prop: 'prefix',
      value: prefix,
      valid: () => !prefix.startsWith('/'),
      rule: 'must not begin with a slash, with which no usual key begins',
      remedy: `write it as '${prefix.replace(/^\/+/, '')}'`,
    })),
    {
      prop: 'outputPrefix',
      value: outputPrefix,
      valid: () => outputPrefix === undefined || !/[*?]/.test(outputPrefix),
      rule: 'must not hold a wildcard',
      remedy: 'give the characters with which the keys begin or end',
    },
    {
      prop: 'outputPrefix',
      value: outputPrefix,
      reads: prefixes,
      valid: () =>
        outputPrefix === undefined ||
        !changes.includes('created') ||
        !prefixes.some((prefix) => overlap(prefix, outputPrefix)),
      rule: `must not overlap 'prefix' (${beginning}), or the handler calls itself with what it writes`,
      remedy: "give the two different prefixes, 'incoming/' and 'done/', or write to another bucket",
    },
    {
      prop: props.prefix === undefined ? 'suffix' : 'prefix',
      value: keys,
      reads: [...prefixes, ...suffixes],
      valid: () => props.via === 'notification' || keys <= most,
      rule: `must make with 'suffix' a pattern of at most ${most} characters for keys, or EventBridge refuses it`,
      remedy: 'give fewer or shorter ones, or take a FileProcessor for each group of them',
    },
    {
      prop: 'on',
      value: on,
      valid: () => changes.length > 0 && new Set(changes).size === changes.length,
      rule: 'must name each kind of change once, and one at least',
      remedy: "write it as 'created', or ['created', 'deleted']",
    },
    {
      prop: 'on',
      value: on,
      valid: () => !changes.includes('version-deleted') || bucket === undefined || keepsVersions(bucket) !== false,
      rule: "must not be 'version-deleted' of a bucket that keeps no versions",
      remedy: "write 'deleted', or let the bucket keep versions",
    },
    {
      prop: 'lifecycle',
      value: lifecycle,
      valid: () => lifecycle === undefined || bucket === undefined,
      rule: "must not be given with 'bucket', which has its own",
      remedy: "remove it, and give the rules where 'bucket' is made",
    },
    ...lifecycleChecks(lifecycle),
    ...bucketChecks(scope, props),
  ];
}
