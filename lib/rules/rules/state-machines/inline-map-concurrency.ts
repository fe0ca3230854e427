import { stepFunctions } from '../../../core/facts';
import { at, toNumber, toText } from '../../../core/model/select';
import { machines } from '../../lookups/state-machines';
import type { Rule } from '../../rule';

const LIMIT = stepFunctions.inlineMapConcurrency.value;

export const inlineMapConcurrency: Rule = {
  id: 'InlineMapConcurrency',
  severity: 'warning',
  title: `An inline map asks for at most ${LIMIT} iterations at once`,
  why: `No more than ${LIMIT} run at once, whatever MaxConcurrency says.`,
  fix: 'lower MaxConcurrency, or use a distributed map',
  source: stepFunctions.inlineMapConcurrency.source,
  *check({ model }) {
    for (const { machine, states } of machines(model)) {
      for (const { name, property, type, body } of states) {
        const concurrency = toNumber(at(body, 'MaxConcurrency'));
        const distributed = toText(at(body, 'ItemProcessor.ProcessorConfig.Mode')) === 'DISTRIBUTED';
        if (type !== 'Map' || distributed || concurrency === undefined || concurrency <= LIMIT) continue;
        yield {
          resource: machine,
          property: `${property}.MaxConcurrency`,
          message: `asks for ${concurrency} iterations of ${name} at once, more than ${LIMIT}`,
          detail: name,
        };
      }
    }
  },
};
