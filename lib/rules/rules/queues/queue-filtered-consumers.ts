import { at } from '../../../core/model/select';
import { mappingsFrom } from '../../lookups/functions';
import { each, type Rule } from '../../rule';

export const queueFilteredConsumers: Rule = {
  id: 'QueueFilteredConsumers',
  severity: 'error',
  title: 'A queue whose messages are filtered has one consumer',
  why: 'A filter deletes what does not match: each consumer takes messages at random and throws away those meant for the other.',
  fix: 'give each consumer its own queue, behind a topic or bus that filters',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html',
  check: each(['AWS::SQS::Queue'], function* (queue, { model }) {
    const mappings = mappingsFrom(model, queue);
    const filtered = mappings.filter((mapping) => at(mapping, 'FilterCriteria.Filters') !== undefined);
    if (mappings.length < 2 || filtered.length === 0) return;
    yield {
      resource: queue,
      message: `has ${mappings.length} consumers, and ${filtered.length} of them delete what their filters do not match`,
    };
  }),
};
