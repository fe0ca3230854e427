import { displayName } from '../../../core/model/display';
import { recordFilters, sourceOf, strangeField } from '../../lookups/filters';
import type { Rule } from '../../rule';

export const filterUnknownField: Rule = {
  id: 'FilterUnknownField',
  severity: 'error',
  title: 'A filter of a mapping or a pipe matches on fields that records of its source have',
  why: 'Nothing passes it otherwise: the function is never called, and what it leaves in a queue is deleted.',
  fix: "match on the payload: 'body' of a message, 'data' of a Kinesis record, 'dynamodb' of a change",
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html',
  *check({ model }) {
    for (const filter of recordFilters(model)) {
      const source = sourceOf(model, filter);
      const { resource, property, pattern } = filter;
      if (!source || pattern === undefined || pattern === 'none') continue;
      const field = strangeField(source, pattern);
      if (field === undefined) continue;
      const message = `has a filter on '${field}', which no record of ${displayName(source)} has`;
      yield { resource, property, message, detail: property };
    }
  },
};
