import { autoPauseProxy } from '../../../../lib/rules/rules/data/auto-pause-proxy';
import { describeFaults, OPEN } from '../faults';
import { stores } from './templates';

describeFaults(autoPauseProxy, stores, [
  {
    mistake: 'a proxy before a database that is to pause',
    change: { 'Cluster.ServerlessV2ScalingConfiguration.MinCapacity': 0 },
    message: 'keeps Shop/Cluster awake',
    openButFine: { 'Cluster.ServerlessV2ScalingConfiguration.MinCapacity': OPEN },
  },
]);
