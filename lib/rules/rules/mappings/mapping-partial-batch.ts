import { at, items, toBoolean, toNumber } from '../../../core/model/select';
import type { Resource } from '../../../core/model/model';
import { Text } from '../../../core/model/values';
import { named } from '../../../core/model/references';
import { each, openAmong, type Rule } from '../../rule';

const SOURCES = ['AWS::SQS::Queue', 'AWS::Kinesis::Stream', 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

/** A function that takes batches can say which records of a batch failed. */
export const mappingPartialBatch: Rule = {
  id: 'MappingPartialBatch',
  severity: 'warning',
  title: 'A function that takes batches reports the records that failed',
  why: 'Otherwise one bad record has the whole batch delivered again, the good ones too, until it is given up with them.',
  fix: 'set FunctionResponseTypes to ReportBatchItemFailures and return batchItemFailures from the handler',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html',
  check: each(['AWS::Lambda::EventSourceMapping'], function* (mapping, { model }) {
    const takesBatches =
      named(model, at(mapping, 'EventSourceArn')).some(({ type }) => SOURCES.includes(type)) ||
      namesQueueOrStream(mapping);
    if (!takesBatches || toNumber(at(mapping, 'BatchSize')) === 1) return;
    if (items(at(mapping, 'FunctionResponseTypes')).includes('ReportBatchItemFailures')) return;
    if (toBoolean(at(mapping, 'BisectBatchOnFunctionError'))) return;
    const open = openAmong(mapping, 'BatchSize', 'FunctionResponseTypes', 'BisectBatchOnFunctionError');
    if (open) {
      yield open;
      return;
    }
    yield {
      resource: mapping,
      property: 'FunctionResponseTypes',
      message: 'has whole batches delivered again for one bad record',
    };
  }),
};

/** A queue or stream outside the template, by its ARN. */
function namesQueueOrStream(mapping: Resource): boolean {
  const arn = at(mapping, 'EventSourceArn');
  const text = arn instanceof Text ? arn.parts.filter((part) => typeof part === 'string').join('') : arn;
  return typeof text === 'string' && /:(?:sqs|kinesis|dynamodb):/.test(text);
}
