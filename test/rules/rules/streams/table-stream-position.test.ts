import { tableStreamPosition } from '../../../../lib/rules/rules/streams/table-stream-position';
import { describeFaults, inProduction, OPEN } from '../faults';
import { streams } from './templates';

describeFaults(tableStreamPosition, streams, [
  {
    mistake: 'a mapping that begins at LATEST',
    change: { 'FirstMapping.StartingPosition': 'LATEST' },
    message: 'begins at LATEST',
    open: { 'FirstMapping.StartingPosition': OPEN },
  },
  {
    mistake: 'one in one branch of a condition',
    change: { 'FirstMapping.StartingPosition': inProduction('TRIM_HORIZON', 'LATEST') },
    message: 'begins at LATEST when not IsProduction',
  },
]);
