import { at, inWords, together, toText } from '../../../core/model/select';
import { sourceKind, type SourceKind } from '../../lookups/mapping-source';
import { each, type Rule } from '../../rule';

const SHOWN: Readonly<Record<SourceKind, string>> = {
  queue: 'a queue',
  stream: 'a stream',
  table: 'the stream of a table',
};

/** Settings that a queue's mapping does not have. */
const OF_STREAMS = [
  'StartingPosition',
  'StartingPositionTimestamp',
  'ParallelizationFactor',
  'BisectBatchOnFunctionError',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'TumblingWindowInSeconds',
  'DestinationConfig',
];

/** Settings that a stream's mapping does not have. */
const OF_QUEUES = ['ScalingConfig'];

export const mappingSourceSettings: Rule = {
  id: 'MappingSourceSettings',
  severity: 'error',
  title: 'A mapping has the settings of its source: a starting position for a stream, none for a queue',
  why: 'Lambda rejects the deployment otherwise, and no schema check catches it first.',
  fix: 'set StartingPosition for a stream, and remove settings of the other kind of source',
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html',
  check: each(['AWS::Lambda::EventSourceMapping'], function* (mapping, { model }) {
    const kind = sourceKind(model, mapping);
    if (kind === undefined) return;
    for (const name of kind === 'queue' ? OF_STREAMS : OF_QUEUES) {
      for (const { values, when } of together({ value: at(mapping, name) })) {
        if (values.value === undefined) continue;
        const message = `sets ${name}, which a mapping of ${SHOWN[kind]} does not have${inWords(when)}`;
        yield { resource: mapping, property: name, message, remedy: `leave ${name} out`, detail: name };
      }
    }
    if (kind === 'queue') return;
    const settings = together({
      position: at(mapping, 'StartingPosition'),
      time: at(mapping, 'StartingPositionTimestamp'),
    });
    for (const { values, when } of settings) {
      const position = toText(values.position);
      const fault =
        values.position === undefined
          ? `reads ${SHOWN[kind]} without a starting position`
          : position !== 'AT_TIMESTAMP'
            ? undefined
            : kind === 'table'
              ? 'starts at a timestamp, which a table’s stream does not support'
              : values.time === undefined
                ? 'starts at a timestamp, but does not give one'
                : undefined;
      if (fault !== undefined) {
        yield {
          resource: mapping,
          property: 'StartingPosition',
          message: `${fault}${inWords(when)}`,
          detail: 'position',
        };
      }
    }
  }),
};
