import { confusedDeputy } from '../../../../lib/rules/rules/access/confused-deputy';
import { describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';

describeFaults(confusedDeputy, queues, [
  {
    mistake: 'a queue that lets SNS in for anybody',
    change: { 'JobsPolicy.PolicyDocument.Statement.1.Condition': undefined },
    message: 'lets sns.amazonaws.com in for anybody',
    open: { 'JobsPolicy.PolicyDocument.Statement.1.Condition': OPEN },
  },
]);
