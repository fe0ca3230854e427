import type { Model, Resource } from './model';
import { named } from './references';
import { at } from './select';
import type { Value } from './values';

/** The queues, streams and tables that a value names as a source: for an enhanced fan-out consumer, its stream. */
export function sourcesNamed(model: Model, value: Value | undefined): Resource[] {
  return named(model, value).flatMap((source) => streamBehind(model, source) ?? source);
}

/** The stream of a consumer; undefined for any other resource, or if the stream is in no template. */
export function streamBehind(model: Model, consumer: Resource): Resource | undefined {
  if (consumer.type !== 'AWS::Kinesis::StreamConsumer') return undefined;
  return named(model, at(consumer, 'StreamARN')).find(({ type }) => type === 'AWS::Kinesis::Stream');
}
