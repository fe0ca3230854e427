import { displayName } from '../../../core/model/display';
import { eventSource } from '../../../core/facts';
import { at, inWords, toNumber, together } from '../../../core/model/select';
import { whyOpen } from '../../each-property';
import { mappingsOf } from '../../lookups/functions';
import { each, type Rule } from '../../rule';

const CONCURRENCY = 'ScalingConfig.MaximumConcurrency';

export const mappingConcurrency: Rule = {
  id: 'MappingConcurrency',
  severity: 'error',
  title: 'The mappings of a function ask for no more concurrency than is reserved for it',
  why: 'Batches beyond the reservation are throttled: each time counts as a receive, until good messages end in the dead-letter queue.',
  fix: 'raise ReservedConcurrentExecutions to the sum, or lower MaximumConcurrency',
  source: eventSource.maximumConcurrency.source,
  check: each(['AWS::Lambda::Function'], function* (fn, { model }) {
    const mappings = mappingsOf(model, fn).filter((mapping) => at(mapping, CONCURRENCY) !== undefined);
    if (mappings.length === 0 || at(fn, 'ReservedConcurrentExecutions') === undefined) return;
    const combined = together({
      reserved: at(fn, 'ReservedConcurrentExecutions'),
      ...Object.fromEntries(mappings.map((mapping) => [mapping.id, at(mapping, CONCURRENCY)])),
    });
    for (const { values, when } of combined) {
      const { reserved, ...requested } = values;
      if (reserved === undefined) continue;
      const limit = toNumber(reserved);
      const parts = Object.values(requested).map((value) => (value === undefined ? 0 : toNumber(value)));
      const [mapping] = mappings;
      if (limit === undefined || parts.includes(undefined)) {
        yield {
          resource: mapping!,
          property: CONCURRENCY,
          reason: whyOpen(...Object.values(values)),
        };
        continue;
      }
      const sum = parts.reduce<number>((total, part) => total + (part ?? 0), 0);
      if (sum <= limit) continue;
      const whole =
        mappings.length > 1 ? `is one of ${mappings.length} mappings that ask for ${sum}` : `asks for ${sum}`;
      yield {
        resource: mapping!,
        property: CONCURRENCY,
        message: `${whole} concurrent executions, but ${displayName(fn)} reserves ${limit}${inWords(when)}`,
      };
    }
  }),
};
