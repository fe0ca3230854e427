import { invokePermission } from '../../../../lib/rules/rules/access/invoke-permission';
import { arn, describeFaults, OPEN } from '../faults';
import { httpApi, permission, restApi, warmAlias } from '../apis/templates';
import { bucketWithFunction, deliveries } from '../events/templates';

describeFaults(invokePermission, httpApi, [
  {
    mistake: 'a route that may not call its function',
    change: { Permission: undefined },
    message: 'calls Shop/Orders, which does not let apigateway.amazonaws.com do so',
    openButFine: { 'Integration.IntegrationUri': OPEN },
  },
]);

describeFaults(invokePermission, warmAlias, [
  {
    mistake: 'a permission on the function for a call of the alias',
    change: { Permission: permission(arn('Orders'), 'Api') },
    message: 'calls Shop/Live of Shop/Orders, which does not let apigateway.amazonaws.com do so',
  },
]);

describeFaults(invokePermission, restApi, [
  {
    mistake: 'a method that may not call its function',
    change: { Permission: undefined },
    message: 'calls Shop/Orders, which does not let apigateway.amazonaws.com do so',
  },
]);

describeFaults(invokePermission, deliveries, [
  {
    mistake: 'a rule that may not call its function',
    change: { Permission: undefined },
    message: 'calls Shop/Handler, which does not let events.amazonaws.com do so',
    openButFine: { 'Permission.SourceArn': OPEN },
  },
  {
    mistake: 'a permission for another rule',
    change: { 'Permission.SourceArn': arn('Schedule') },
    message: 'which does not let events.amazonaws.com do so',
  },
]);

describeFaults(invokePermission, bucketWithFunction, [
  {
    mistake: 'a bucket that may not call its function',
    change: { BucketPermission: undefined },
    message: 'calls Shop/Importer, which does not let s3.amazonaws.com do so',
  },
]);
