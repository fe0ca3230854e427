import { mappingPollers } from '../../../../lib/rules/rules/mappings/mapping-pollers';
import { describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';

describeFaults(mappingPollers, queues, [
  {
    mistake: 'pollers beside a maximum concurrency',
    change: { 'Mapping.ProvisionedPollerConfig': { MinimumPollers: 2, MaximumPollers: 20 } },
    message: 'has provisioned pollers and a maximum concurrency',
    openButFine: { 'Mapping.ProvisionedPollerConfig': { MinimumPollers: OPEN }, 'Mapping.ScalingConfig': undefined },
  },
  {
    mistake: 'fewer pollers at most than at least',
    change: {
      'Mapping.ProvisionedPollerConfig': { MinimumPollers: 50, MaximumPollers: 20 },
      'Mapping.ScalingConfig': undefined,
    },
    message: 'asks for at least 50 pollers and at most 20',
  },
]);
