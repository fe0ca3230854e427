import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgePublicBucket } from '../../../../lib/rules/rules/edge/edge-public-bucket';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgePublicBucket, graphWith, [
  {
    mistake: 'a bucket for everybody',
    change: { 'domain.enabled': true },
    message: 'shows every object to anyone',
    open: { 'domain.enabled': UNKNOWN_TEXT },
  },
]);
