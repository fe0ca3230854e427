import { functionLimits } from '../../../../lib/rules/rules/functions/function-limits';
import { describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(functionLimits, functions, [
  {
    mistake: 'a /tmp of 20 GB',
    change: { 'Worker.EphemeralStorage': { Size: 20_480 } },
    message: 'asks for 20480 MB, outside 512 to 10240',
    open: { 'Worker.EphemeralStorage': { Size: OPEN } },
  },
  {
    mistake: 'six layers',
    change: {
      'Worker.Layers': Array.from({ length: 6 }, (_, index) => `arn:aws:lambda:eu-west-1:1:layer:l:${index}`),
    },
    message: 'has 6 layers, more than 5',
  },
]);
