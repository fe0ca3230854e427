import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeCron } from '../../../../lib/rules/rules/edge/edge-cron';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeCron, graphWith, [
  {
    mistake: 'Sunday as 0',
    change: { 'cron.schedules': [{ cron: '0 3 * * 0' }] },
    message: "which has '0' for its day of week",
    open: { 'cron.schedules': [{ cron: UNKNOWN_TEXT }] },
  },
  {
    mistake: 'a day that does not exist',
    change: { 'cron.schedules': [{ cron: '0 3 31 2 *' }] },
    message: 'and never fires',
  },
]);
