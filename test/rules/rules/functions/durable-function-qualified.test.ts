import { durableFunctionQualified } from '../../../../lib/rules/rules/functions/durable-function-qualified';
import { arn, describeFaults, OPEN } from '../faults';
import { durable } from './templates';

describeFaults(durableFunctionQualified, durable, [
  {
    mistake: 'a durable function that is called without a version',
    change: { 'Pipe.Target': arn('Durable') },
    message: 'calls the durable function Shop/Durable without a version',
    openButFine: { 'Pipe.Target': OPEN },
  },
]);
