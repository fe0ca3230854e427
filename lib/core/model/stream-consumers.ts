import type { Model, Resource } from './model';
import { named } from './references';
import { at } from './select';
import type { Value } from './values';

/**
 * The queues, streams and tables that a value names as what is read: in place of a consumer with enhanced fan-out, the stream
 * whose records it gives.
 */
export function sourcesNamed(model: Model, value: Value | undefined): Resource[] {
  return named(model, value).flatMap((source) => streamBehind(model, source) ?? source);
}

/** The stream of a consumer; undefined for any other resource, and where the stream is in no template. */
export function streamBehind(model: Model, consumer: Resource): Resource | undefined {
  if (consumer.type !== 'AWS::Kinesis::StreamConsumer') return undefined;
  return named(model, at(consumer, 'StreamARN')).find(({ type }) => type === 'AWS::Kinesis::Stream');
}
