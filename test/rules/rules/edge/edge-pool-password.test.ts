import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgePoolPassword } from '../../../../lib/rules/rules/edge/edge-pool-password';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgePoolPassword, graphWith, [
  {
    mistake: 'a database password in the state',
    change: { 'pool!secrets': [] },
    message: 'has its password in plain text',
    open: { 'pool!secrets': [], 'pool.origin.password': UNKNOWN_TEXT },
  },
]);
