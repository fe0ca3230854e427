import { AwsError } from '../../kernel/aws-errors';
import type { Context } from '../../../../core/iam/context';
import { type JsonObject, records, text } from '../../kernel/json';
import { invalid } from './message';

const MOST = 50;

/** Tags of a topic, by key. */
export type Tags = Readonly<Record<string, string>>;

/**
 * The tags in a request or a template.
 * @throws AwsError when they are malformed
 */
export function tagsIn(given: unknown): Tags {
  const pairs = records(given).map(({ Key, Value }) => [text(Key) ?? '', text(Value) ?? ''] as const);
  for (const [key, value] of pairs) {
    if (key === '' || key.length > 128 || value.length > 256 || /^aws:/i.test(key)) throw invalid('Tags');
  }
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw invalid('Tags Reason: Duplicate keys');
  return Object.fromEntries(pairs);
}

/** @throws AwsError when there are more than a topic may have */
export function checkTags(tags: Tags): Tags {
  if (Object.keys(tags).length <= MOST) return tags;
  throw new AwsError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded');
}

/** Policy condition keys of a request with tags. */
export function tagContext(input: JsonObject): Context {
  const tags = records(input.Tags).map(({ Key, Value }) => [text(Key) ?? '', text(Value) ?? ''] as const);
  const keys = [...tags.map(([key]) => key), ...keysIn(input)];
  return {
    ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    ...(keys.length > 0 && { 'aws:TagKeys': keys }),
  };
}

/** The tag keys to remove. */
export function keysIn({ TagKeys }: JsonObject): readonly string[] {
  return Array.isArray(TagKeys) ? TagKeys.map((key: unknown) => text(key) ?? '') : [];
}
