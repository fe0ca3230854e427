import type { Model, Resource } from '../../core/model/model';
import { named } from '../../core/model/references';
import { at } from '../../core/model/select';
import { Text } from '../../core/model/values';

/** What a mapping reads. */
export type SourceKind = 'queue' | 'stream' | 'table';

const TYPES: Readonly<Record<string, SourceKind>> = {
  'AWS::SQS::Queue': 'queue',
  'AWS::Kinesis::Stream': 'stream',
  'AWS::Kinesis::StreamConsumer': 'stream',
  'AWS::DynamoDB::Table': 'table',
  'AWS::DynamoDB::GlobalTable': 'table',
};

const SERVICES: Readonly<Record<string, SourceKind>> = { sqs: 'queue', kinesis: 'stream', dynamodb: 'table' };

/** What a mapping reads, from the model or its ARN; undefined for anything else, or if unresolved. */
export function sourceKind(model: Model, mapping: Resource): SourceKind | undefined {
  const arn = at(mapping, 'EventSourceArn');
  const [kind] = named(model, arn).flatMap(({ type }) => (Object.hasOwn(TYPES, type) ? [TYPES[type]!] : []));
  if (kind) return kind;
  const text = arn instanceof Text ? arn.parts.filter((part) => typeof part === 'string').join('') : arn;
  const [, service] = typeof text === 'string' ? (/:(sqs|kinesis|dynamodb):/.exec(text) ?? []) : [];
  return service === undefined ? undefined : SERVICES[service];
}
