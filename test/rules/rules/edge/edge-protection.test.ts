import { edgeProtection } from '../../../../lib/rules/rules/edge/edge-protection';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeProtection, graphWith, [
  {
    mistake: 'a database that a rename deletes',
    change: { 'database!options': {} },
    message: 'is deleted with its data when it is renamed or removed',
  },
  {
    mistake: 'an index of vectors that a change of its dimensions deletes',
    change: { 'vectors!options': {} },
    message: 'is deleted with its data when it is renamed or removed',
  },
]);
