import { ALL } from '../../../core/asl/errors';
import { at, isList } from '../../../core/model/select';
import { machines } from '../../lookups/state-machines';
import type { Rule } from '../../rule';

export const statesAllPlacement: Rule = {
  id: 'StatesAllPlacement',
  severity: 'error',
  title: 'States.ALL is alone in its catcher or retrier, which is the last one',
  why: 'Step Functions rejects the deployment otherwise.',
  fix: 'give States.ALL its own catcher or retrier, at the end of the list',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  *check({ model }) {
    for (const { machine, states } of machines(model)) {
      for (const { name, property, body } of states) {
        for (const kind of ['Catch', 'Retry']) {
          const list = at(body, kind);
          const errors = (isList(list) ? list : []).map((item) => at(item, 'ErrorEquals'));
          const misplaced = errors.findIndex(
            (names, index) => isList(names) && names.includes(ALL) && (names.length > 1 || index < errors.length - 1),
          );
          if (misplaced < 0) continue;
          const where = `${property}.${kind}.${misplaced}`;
          yield {
            resource: machine,
            property: where,
            message: `has States.ALL in ${name} next to or before others`,
            detail: where,
          };
        }
      }
    }
  },
};
