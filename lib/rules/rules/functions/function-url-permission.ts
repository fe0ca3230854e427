import { at, toText } from '../../../core/model/select';
import { functionsNamed, permissionsOf } from '../../lookups/functions';
import { each, openAmong, type Rule } from '../../rule';

const NEEDED = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'];

export const functionUrlPermission: Rule = {
  id: 'FunctionUrlPermission',
  severity: 'error',
  title: 'A public function URL has both of the permissions it needs',
  why: 'A URL needs lambda:InvokeFunctionUrl and lambda:InvokeFunction: with only one of them every call gets a 403.',
  fix: 'add an AWS::Lambda::Permission for the missing action, with Principal *',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  check: each(['AWS::Lambda::Url'], function* (url, { model }) {
    const open = openAmong(url, 'AuthType');
    if (open) {
      yield open;
      return;
    }
    if (toText(at(url, 'AuthType')) !== 'NONE') return;
    for (const { function: fn } of functionsNamed(model, at(url, 'TargetFunctionArn'))) {
      const open = permissionsOf(model, fn).filter((permission) => at(permission, 'Principal') === '*');
      const missing = NEEDED.filter((action) => !open.some((permission) => at(permission, 'Action') === action));
      if (missing.length === 0) continue;
      yield { resource: url, property: 'TargetFunctionArn', message: `lacks the permission ${missing.join(' and ')}` };
    }
  }),
};
