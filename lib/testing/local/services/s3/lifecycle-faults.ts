import { isRecord, type JsonObject, number, recordOf, records, text } from '../../kernel/json';

/** What a rule may do; each rule does one at least. */
const ACTIONS = [
  'AbortIncompleteMultipartUpload',
  'ExpirationDate',
  'ExpirationInDays',
  'ExpiredObjectDeleteMarker',
  'NoncurrentVersionExpiration',
  'NoncurrentVersionExpirationInDays',
  'NoncurrentVersionTransition',
  'NoncurrentVersionTransitions',
  'Transition',
  'Transitions',
];
/** Days that objects must be kept before they move to infrequent access. */
const DAYS_BEFORE_IA = 30;
const ARCHIVES = ['GLACIER', 'GLACIER_IR', 'DEEP_ARCHIVE'];
const INFREQUENT = ['STANDARD_IA', 'ONEZONE_IA'];

/**
 * What S3 refuses in the lifecycle of a bucket; empty if it accepts it.
 * @param configuration with null for what is not known
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
export function lifecycleFaults(configuration: unknown): readonly string[] {
  const rules = records(recordOf(configuration).Rules);
  const ids = rules.map(({ Id }) => text(Id)).filter((id) => id !== undefined);
  return [
    ...(new Set(ids).size < ids.length ? ['two rules of its lifecycle have one id'] : []),
    ...rules.flatMap((rule, index) => ruleFaults(rule).map((fault) => `rule ${index + 1} of its lifecycle: ${fault}`)),
  ];
}

function ruleFaults(rule: JsonObject): readonly string[] {
  const tags = records(rule.TagFilters).map(({ Key }) => text(Key));
  const marker = String(rule.ExpiredObjectDeleteMarker) === 'true';
  const [larger, smaller] = [number(rule.ObjectSizeGreaterThan), number(rule.ObjectSizeLessThan)];
  return [
    ...(ACTIONS.every((action) => rule[action] === undefined) ? ['At least one action needs to be specified'] : []),
    ...(new Set(tags).size < tags.length ? ['it has a tag twice'] : []),
    ...(tags.length > 0 && isRecord(rule.AbortIncompleteMultipartUpload)
      ? ['AbortIncompleteMultipartUpload cannot be specified with Tags']
      : []),
    ...(marker && (tags.length > 0 || rule.ExpirationInDays !== undefined || rule.ExpirationDate !== undefined)
      ? ['ExpiredObjectDeleteMarker cannot be specified with an expiration or tags']
      : []),
    ...(larger !== undefined && smaller !== undefined && larger >= smaller
      ? ['ObjectSizeGreaterThan must be less than ObjectSizeLessThan']
      : []),
    ...daysFaults(rule),
  ];
}

function daysFaults(rule: JsonObject): readonly string[] {
  const transitions = [...records(rule.Transitions), ...records(rule.Transition)];
  const dates = [rule.ExpirationDate, ...transitions.map((one) => one.TransitionDate)].map(text);
  const days = transitions.map((one) => number(one.TransitionInDays)).filter((one) => one !== undefined);
  const expires = number(rule.ExpirationInDays);
  const dated = dates.some((one) => one !== undefined);
  const early = transitions.some(
    ({ StorageClass, TransitionInDays }) =>
      INFREQUENT.includes(text(StorageClass) ?? '') && (number(TransitionInDays) ?? DAYS_BEFORE_IA) < DAYS_BEFORE_IA,
  );
  const timed = transitions.map((one) => ({
    to: text(one.StorageClass) ?? '',
    after: number(one.TransitionInDays) ?? NaN,
  }));
  const left = timed.some(
    (one) =>
      INFREQUENT.includes(one.to) && timed.some(({ to, after }) => ARCHIVES.includes(to) && isSoon(after - one.after)),
  );
  const classes = timed.map(({ to }) => to).filter((to) => to !== '');
  return [
    ...(new Set(classes).size < classes.length ? ['it moves objects to one storage class twice'] : []),
    ...(left ? [`objects stay ${DAYS_BEFORE_IA} days in infrequent access before they are archived`] : []),
    ...(expires !== undefined && expires < 1 ? ["'Days' for Expiration action must be a positive integer"] : []),
    ...(dated && (days.length > 0 || expires !== undefined) ? ['it has both days and dates'] : []),
    ...(dates.some((date) => date !== undefined && /T/.test(date) && !/T00:00(:00(\.0+)?)?(Z|\+00:00)?$/.test(date))
      ? ["'Date' must be at midnight GMT"]
      : []),
    ...(expires !== undefined && days.some((one) => one >= expires)
      ? ["'Days' in the Expiration action must be greater than 'Days' in the Transition action"]
      : []),
    ...(early ? [`'Days' in Transition action must be greater than or equal to ${DAYS_BEFORE_IA}`] : []),
    ...(rule.Transition !== undefined && rule.Transitions !== undefined ? ['it has Transition and Transitions'] : []),
  ];
}

function isSoon(days: number): boolean {
  return days > 0 && days < DAYS_BEFORE_IA;
}
