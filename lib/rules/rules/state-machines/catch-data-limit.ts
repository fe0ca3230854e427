import { ALL, DATA_LIMIT_EXCEEDED } from '../../../core/asl/errors';
import { stepFunctions } from '../../../core/facts';
import { at, isList } from '../../../core/model/select';
import { machines } from '../../lookups/state-machines';
import type { Rule } from '../../rule';

export const catchDataLimit: Rule = {
  id: 'CatchDataLimit',
  severity: 'warning',
  title: `A task that catches States.ALL catches ${DATA_LIMIT_EXCEEDED} too`,
  why: 'States.ALL does not match it: a result over 256 KiB ends the execution, and the cleanup does not run.',
  fix: `put a catcher for ${DATA_LIMIT_EXCEEDED} before the one for States.ALL`,
  source: stepFunctions.notCaughtByAll.source,
  *check({ model }) {
    for (const { machine, property, states } of machines(model)) {
      const open = states
        .filter(({ type, body }) => {
          const list = at(body, 'Catch');
          const names = (isList(list) ? list : []).flatMap((item) => at(item, 'ErrorEquals') ?? []);
          return type === 'Task' && names.includes(ALL) && !names.includes(DATA_LIMIT_EXCEEDED);
        })
        .map(({ name }) => name);
      if (open.length === 0) continue;
      const more = open.length > 3 ? ` and ${open.length - 3} more` : '';
      yield {
        resource: machine,
        property,
        message: `catches all errors of ${open.slice(0, 3).join(', ')}${more}, but not ${DATA_LIMIT_EXCEEDED}`,
      };
    }
  },
};
