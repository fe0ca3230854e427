import { lambdaPermissionSource } from '../../../../lib/rules/rules/access/lambda-permission-source';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { functionUrl } from '../apis/templates';
import { deliveries } from '../events/templates';

describeFaults(lambdaPermissionSource, functionUrl, [
  {
    mistake: 'a function that everybody may call',
    change: { 'UrlPermission.FunctionUrlAuthType': undefined },
    message: 'lets anyone call the function',
  },
  {
    mistake: 'a function that everybody may call, by its URL or not',
    change: { 'UrlPermission.FunctionUrlAuthType': undefined, 'UrlPermission.InvokedViaFunctionUrl': false },
    message: 'lets anyone call the function',
  },
]);

describeFaults(lambdaPermissionSource, deliveries, [
  {
    mistake: 'a permission for anybody’s rule',
    change: { 'Permission.SourceArn': undefined },
    message: 'lets events.amazonaws.com call on behalf of any account',
    openButFine: { 'Permission.SourceArn': OPEN },
  },
]);

describeAccepted(lambdaPermissionSource, functionUrl, [
  {
    accepts: 'what a public URL needs beside its own permission',
    change: { 'UrlPermission.FunctionUrlAuthType': undefined, 'UrlPermission.InvokedViaFunctionUrl': true },
  },
  {
    accepts: 'a load balancer, whose target group is made after the permission',
    change: {
      'UrlPermission.FunctionUrlAuthType': undefined,
      'UrlPermission.Principal': 'elasticloadbalancing.amazonaws.com',
    },
  },
]);
