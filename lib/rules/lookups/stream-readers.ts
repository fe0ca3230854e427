import type { Model, Resource } from '../../core/model/model';
import { at, toBoolean } from '../../core/model/select';
import { Text, type Value } from '../../core/model/values';
import { indexed } from '../../core/model/indexed';
import { named } from '../../core/model/references';

/** A mapping or a pipe that reads a stream. */
export interface StreamReader {
  readonly reader: Resource;
  /** Prefix of its settings: empty, or the path of a pipe's source parameters with a trailing dot. */
  readonly path: string;
  readonly destination: string;
  /** What it reads, if that is in the model. */
  readonly source?: Resource;
}

const STREAMS = [
  'AWS::Kinesis::Stream',
  'AWS::Kinesis::StreamConsumer',
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
];

const PIPE_PARAMETERS = ['KinesisStreamParameters', 'DynamoDBStreamParameters'];

/** Every enabled stream reader. */
export const streamReaders = indexed((model: Model): readonly StreamReader[] => [
  ...model.ofType('AWS::Lambda::EventSourceMapping').flatMap((reader) => {
    const source = named(model, at(reader, 'EventSourceArn')).find(({ type }) => STREAMS.includes(type));
    const isStream = source !== undefined || namesStream(at(reader, 'EventSourceArn'));
    if (!isStream || toBoolean(at(reader, 'Enabled')) === false) return [];
    return [
      { reader, path: '', destination: 'DestinationConfig.OnFailure.Destination', ...(source ? { source } : {}) },
    ];
  }),
  ...model.ofType('AWS::Pipes::Pipe').flatMap((reader) => {
    const source = named(model, at(reader, 'Source')).find(({ type }) => STREAMS.includes(type));
    const parameters = PIPE_PARAMETERS.find((name) => at(reader, `SourceParameters.${name}`) !== undefined);
    if (!parameters) return [];
    const path = `SourceParameters.${parameters}.`;
    return [{ reader, path, destination: `${path}DeadLetterConfig.Arn`, ...(source ? { source } : {}) }];
  }),
]);

/** Whether an ARN from outside the model is a stream's. */
function namesStream(arn: Value | undefined): boolean {
  const text = arn instanceof Text ? arn.parts.filter((part) => typeof part === 'string').join('') : arn;
  return typeof text === 'string' && (/:kinesis:/.test(text) || /:dynamodb:.*\/stream\//.test(text));
}
