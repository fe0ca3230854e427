import { at, items, toBoolean, toText } from '../../../core/model/select';
import { absences } from '../../each-property';
import { each, type Rule } from '../../rule';

/** Services whose calls only the source ARN ties to an account. */
const NARROWING = [
  'SourceArn',
  'SourceAccount',
  'PrincipalOrgID',
  'EventSourceToken',
  // FunctionUrlPublic judges who may call a URL, and FunctionUrlPermission requires these permissions.
  'FunctionUrlAuthType',
  'InvokedViaFunctionUrl',
];

const LOAD_BALANCING = 'elasticloadbalancing.amazonaws.com';

export const lambdaPermissionSource: Rule = {
  id: 'LambdaPermissionSource',
  severity: 'error',
  title: 'A permission on a function names the source that may call',
  why: 'Otherwise anyone can make the service call the function from a resource in their own account.',
  fix: 'set SourceArn, and for S3 SourceAccount too',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html',
  check: each(['AWS::Lambda::Permission'], function* (permission) {
    const principals = items(at(permission, 'Principal')).map((principal) => toText(principal) ?? '');
    const open = NARROWING.map((property) => at(permission, property)).every(
      (value) => absences(value).length > 0 || toBoolean(value) === false,
    );
    if (!open) return;
    for (const principal of principals) {
      if (principal === '*') {
        yield { resource: permission, property: 'Principal', message: 'lets anyone call the function' };
      } else if (principal === LOAD_BALANCING) {
        // A target group can name the function only after this permission, so its ARN cannot be named here.
        continue;
      } else if (/\.amazonaws\.com(?:\.cn)?$/.test(principal)) {
        yield {
          resource: permission,
          property: 'SourceArn',
          message: `lets ${principal} call on behalf of any account`,
        };
      }
    }
  }),
};
