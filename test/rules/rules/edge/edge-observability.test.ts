import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeObservability } from '../../../../lib/rules/rules/edge/edge-observability';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeObservability, graphWith, [
  {
    mistake: 'a Worker without logs',
    change: { 'worker.observability': undefined },
    message: 'keeps no logs',
    open: { 'worker.observability.enabled': UNKNOWN_TEXT },
  },
]);
