import { mappingDuplicate } from '../../../../lib/rules/rules/mappings/mapping-duplicate';
import { arn, describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { streams } from '../streams/templates';

describeFaults(mappingDuplicate, streams, [
  {
    mistake: 'a second mapping of a function and a stream',
    change: { 'SecondMapping.FunctionName': arn('First') },
    message: 'has the source and the function of Shop/FirstMapping',
    openButFine: { 'SecondMapping.FunctionName': OPEN },
  },
]);

describeAccepted(mappingDuplicate, streams, [
  {
    accepts: 'a mapping in one stage of each function',
    change: { 'SecondMapping.Enabled': inProduction(true, false) },
  },
]);
