import { wildcardResource } from '../../../../lib/rules/rules/access/wildcard-resource';
import { describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { policies, statement } from './templates';

describeFaults(wildcardResource, policies, [
  {
    mistake: 'every resource where the action knows them',
    change: statement(allow(['dynamodb:PutItem', 'dynamodb:ListTables', 'xray:PutTraceSegments'], '*')),
    message: 'allows dynamodb:PutItem on every resource',
    openButFine: statement(allow('dynamodb:PutItem', OPEN)),
  },
]);
