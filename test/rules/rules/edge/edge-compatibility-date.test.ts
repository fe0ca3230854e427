import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeCompatibilityDate } from '../../../../lib/rules/rules/edge/edge-compatibility-date';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeCompatibilityDate, graphWith, [
  {
    mistake: 'a Worker without a compatibility date',
    change: { 'worker.compatibilityDate': undefined },
    message: 'has no compatibility date',
    open: { 'worker.compatibilityDate': UNKNOWN_TEXT },
  },
  {
    mistake: 'a Worker of 2022',
    change: { 'worker.compatibilityDate': '2022-01-01' },
    message: 'has the compatibility date 2022-01-01, before 2024-09-23',
  },
]);
