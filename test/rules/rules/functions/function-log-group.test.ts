import { functionLogGroup } from '../../../../lib/rules/rules/functions/function-log-group';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(functionLogGroup, functions, [
  {
    mistake: 'a function that leaves its log group to Lambda',
    change: { 'Worker.LoggingConfig': undefined },
    message: 'log group that is not in the template',
    openButFine: { 'Worker.LoggingConfig.LogGroup': OPEN },
  },
]);

const named = (name: string) => ({ 'Fn::Sub': `${name}-\${AWS::StackName}-\${Open}` });

describeAccepted(functionLogGroup, functions, [
  {
    accepts: 'a group under the name that the function gets',
    change: {
      'Worker.LoggingConfig': undefined,
      'Worker.FunctionName': named('worker'),
      Named: {
        Type: 'AWS::Logs::LogGroup',
        Properties: { LogGroupName: named('/aws/lambda/worker'), RetentionInDays: 7 },
      },
    },
  },
]);
