import { forAllValuesAlone } from '../../../../lib/rules/rules/access/for-all-values-alone';
import { describeFaults, OPEN } from '../faults';
import { policies } from './templates';

describeFaults(forAllValuesAlone, policies, [
  {
    mistake: 'ForAllValues alone',
    change: { 'Policy.PolicyDocument.Statement.0.Condition.Null': undefined },
    message: 'uses ForAllValues:StringEquals on events:source alone, which also matches requests without events:source',
    openButFine: {
      'Policy.PolicyDocument.Statement.0.Condition.ForAllValues:StringEquals': { 'events:source': OPEN },
    },
  },
]);
