import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeWorkerLimits } from '../../../../lib/rules/rules/edge/edge-worker-limits';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeWorkerLimits, graphWith, [
  {
    mistake: 'ten minutes of CPU time',
    change: { 'worker.limits.cpuMs': 600_000 },
    message: 'asks for 600000 ms of CPU time',
    open: { 'worker.limits.cpuMs': UNKNOWN_TEXT },
  },
  {
    mistake: 'a variable of 6 KB',
    change: { 'worker.bindings.0.text': 'word '.repeat(1230) },
    message: 'has 6150 bytes in STAGE',
  },
]);
