import { cloudflare } from '../../../core/facts';
import { EDGE } from '../../lookups/edge-types';
import { eachProperty } from '../../each-property';
import { type Rule, texts } from '../../rule';

const OLDEST = cloudflare.oldestCompatibilityDate.value;

export const edgeCompatibilityDate: Rule = {
  id: 'EdgeCompatibilityDate',
  severity: 'warning',
  title: `A Worker has a compatibility date, ${OLDEST} or later`,
  why: 'Without one, the runtime behaves as in its oldest version, with its bugs and without most of Node.js.',
  fix: 'set compatibilityDate to the day you last tested, and move it forward now and then',
  source: cloudflare.oldestCompatibilityDate.source,
  check: eachProperty(
    EDGE.worker,
    'compatibilityDate',
    (worker, property) => texts(worker, property, ''),
    (date) => {
      if (date === '') return 'has no compatibility date';
      return date < OLDEST ? `has the compatibility date ${date}, before ${OLDEST}` : undefined;
    },
  ),
};
