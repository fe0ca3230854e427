import { functionUrlPublic } from '../../../../lib/rules/rules/functions/function-url-public';
import { describeFaults, OPEN } from '../faults';
import { PUBLIC_URL, functions } from './templates';

describeFaults(functionUrlPublic, functions, [
  {
    mistake: 'a function URL for everybody',
    change: PUBLIC_URL,
    message: 'is open to anyone',
    open: { 'Url.AuthType': OPEN },
  },
]);

describeFaults(functionUrlPublic, functions, [
  {
    mistake: 'a web endpoint whose application asks who calls, or nobody',
    change: {
      Web: {
        Type: 'AWS::Lambda::WebFunctionEndpoint',
        Properties: { FunctionName: { Ref: 'Worker' }, AuthType: 'ApplicationManaged' },
      },
    },
    message: 'is open to anyone',
  },
]);
