import { provisionedAliasBypassed } from '../../../../lib/rules/rules/functions/provisioned-alias-bypassed';
import { arn, describeFaults } from '../faults';
import { permission, warmAlias } from '../apis/templates';
import { functions } from './templates';

describeFaults(provisionedAliasBypassed, warmAlias, [
  {
    mistake: 'a route that goes round the alias',
    change: { 'Integration.IntegrationUri': arn('Orders'), Permission: permission(arn('Orders'), 'Api') },
    message: 'has provisioned concurrency, but the API Shop/Integration calls the unqualified function',
  },
]);

describeFaults(provisionedAliasBypassed, functions, [
  {
    mistake: 'a warm alias that nothing calls',
    change: { Url: undefined },
    message: 'nothing in the template calls it',
    openButFine: { 'Url.TargetFunctionArn': { Ref: 'Live' } },
  },
]);
