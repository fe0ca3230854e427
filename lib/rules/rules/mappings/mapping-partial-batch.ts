import { at, items, toBoolean, toNumber } from '../../../core/model/select';
import { sourceKind } from '../../lookups/mapping-source';
import { each, openAmong, type Rule } from '../../rule';

export const mappingPartialBatch: Rule = {
  id: 'MappingPartialBatch',
  severity: 'warning',
  title: 'A function that takes batches reports the records that failed',
  why: 'Otherwise one bad record causes the whole batch to be redelivered, until all of it is given up.',
  fix: 'set FunctionResponseTypes to ReportBatchItemFailures and return batchItemFailures from the handler',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html',
  check: each(['AWS::Lambda::EventSourceMapping'], function* (mapping, { model }) {
    if (sourceKind(model, mapping) === undefined || toNumber(at(mapping, 'BatchSize')) === 1) return;
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
      message: 'has whole batches redelivered for one bad record',
    };
  }),
};
