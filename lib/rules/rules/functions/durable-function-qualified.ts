import { displayName } from '../../../core/model/display';
import { at } from '../../../core/model/select';
import { triggersOf } from '../../lookups/triggers';
import { each, type Rule } from '../../rule';

export const durableFunctionQualified: Rule = {
  id: 'DurableFunctionQualified',
  severity: 'error',
  title: 'A durable function is called through a version or alias',
  why: 'Lambda rejects an unqualified call: an execution must be replayed by the code that started it.',
  fix: 'publish a version or alias, and name it',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html',
  check: each(['AWS::Lambda::Function'], function* (fn, { model }) {
    if (at(fn, 'DurableConfig') === undefined) return;
    for (const { holder, property, qualifier } of triggersOf(model, fn)) {
      if (qualifier) continue;
      yield {
        resource: holder,
        property,
        message: `calls the durable function ${displayName(fn)} without a version`,
        detail: property,
      };
    }
  }),
};
