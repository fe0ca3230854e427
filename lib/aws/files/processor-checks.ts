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

/** A list known only at deployment cannot be compared, nor written into patterns one by one. */
const KEY_PARTS = (example: string) => {
  const several = list(text(example), `['${example}']`);
  const known = { ...several, is: (value: unknown) => several.is(value) && !isUnresolved(value) };
  return either('must be a string or a list of strings', () => `write it as '${example}'`, text(example), known);
};

/** Shape of a `FileProcessor`'s props. */
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

/** The changes a processor handles. */
export function changesOf({ on = 'created' }: FileProcessorProps): readonly FileChange[] {
  return typeof on === 'string' ? [on] : on;
}

/** Characters of a pattern other than the keys: source, kinds of change, and a bucket name of 63. */
const AROUND_KEYS = 248;

/** Checks of a `FileProcessor`'s props. */
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
      rule: 'must not start with a slash, which keys usually do not',
      remedy: `write it as '${prefix.replace(/^\/+/, '')}'`,
    })),
    {
      prop: 'outputPrefix',
      value: outputPrefix,
      valid: () => outputPrefix === undefined || !/[*?]/.test(outputPrefix),
      rule: 'must not contain a wildcard',
      remedy: 'give the characters that the keys start or end with',
    },
    {
      prop: 'outputPrefix',
      value: outputPrefix,
      reads: prefixes,
      valid: () =>
        outputPrefix === undefined ||
        !changes.includes('created') ||
        !prefixes.some((prefix) => overlap(prefix, outputPrefix)),
      rule: `must not overlap 'prefix' (${beginning}): the handler would trigger itself`,
      remedy: "give the two different prefixes, 'incoming/' and 'done/', or write to another bucket",
    },
    {
      prop: props.prefix === undefined ? 'suffix' : 'prefix',
      value: keys,
      reads: [...prefixes, ...suffixes],
      valid: () => props.via === 'notification' || keys <= most,
      rule: `must, with 'suffix', make a key pattern of at most ${most} characters, or EventBridge refuses it`,
      remedy: 'give fewer or shorter ones, or use a FileProcessor per group',
    },
    {
      prop: 'on',
      value: on,
      valid: () => changes.length > 0 && new Set(changes).size === changes.length,
      rule: 'must name at least one kind of change, each only once',
      remedy: "write it as 'created', or ['created', 'deleted']",
    },
    {
      prop: 'on',
      value: on,
      valid: () => !changes.includes('version-deleted') || bucket === undefined || keepsVersions(bucket) !== false,
      rule: "must not be 'version-deleted' for an unversioned bucket",
      remedy: "write 'deleted', or enable versioning on the bucket",
    },
    {
      prop: 'lifecycle',
      value: lifecycle,
      valid: () => lifecycle === undefined || bucket === undefined,
      rule: "must not be given with 'bucket', which has its own",
      remedy: "remove it, and set the rules where 'bucket' is created",
    },
    ...lifecycleChecks(lifecycle),
    ...bucketChecks(scope, props),
  ];
}
