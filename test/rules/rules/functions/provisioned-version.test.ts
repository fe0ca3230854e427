import { provisionedVersion } from '../../../../lib/rules/rules/functions/provisioned-version';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(provisionedVersion, functions, [
  {
    mistake: 'a warm alias of $LATEST',
    change: { 'Live.FunctionVersion': '$LATEST' },
    message: 'provisions concurrency for $LATEST',
    open: { 'Live.FunctionVersion': OPEN },
  },
]);

describeAccepted(provisionedVersion, functions, [
  {
    accepts: 'an alias of $LATEST that nothing keeps warm',
    change: { 'Live.FunctionVersion': '$LATEST', 'Live.ProvisionedConcurrencyConfig': undefined },
  },
  { accepts: 'a version published before', change: { 'Live.FunctionVersion': '7' } },
]);
