import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeBucketCors } from '../../../../lib/rules/rules/edge/edge-bucket-cors';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeBucketCors, graphWith, [
  {
    mistake: 'scripts of every site that write',
    change: { 'cors.rules.0.allowed.methods': ['GET', 'PUT'] },
    message: 'lets scripts on any site use PUT',
    open: { 'cors.rules.0.allowed.methods': ['GET', UNKNOWN_TEXT] },
  },
]);
