import { forAllValuesAlone } from '../../../../lib/rules/rules/access/for-all-values-alone';
import { describeFaults, OPEN } from '../faults';
import { policies } from './templates';

describeFaults(forAllValuesAlone, policies, [
  {
    mistake: 'ForAllValues alone',
    change: { 'Policy.PolicyDocument.Statement.0.Condition.Null': undefined },
    message: 'asks ForAllValues:StringEquals of events:source alone',
    openButFine: {
      'Policy.PolicyDocument.Statement.0.Condition.ForAllValues:StringEquals': { 'events:source': OPEN },
    },
  },
]);
