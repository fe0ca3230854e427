import { alarmDimensions } from '../../../../lib/rules/rules/observability/alarm-dimensions';
import { describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { stores } from '../data/templates';

describeFaults(alarmDimensions, stores, [
  {
    mistake: 'an alarm on no queue',
    change: { 'Alarm.Dimensions': undefined },
    message: 'watches AWS/SQS without naming a resource',
    openButFine: { 'Alarm.Dimensions.0.Value': OPEN },
  },
  {
    mistake: 'no queue in one branch',
    change: {
      'Alarm.Dimensions': inProduction([{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Failures', 'QueueName'] } }]),
    },
    message: 'watches AWS/SQS without naming a resource when not IsProduction',
    open: { 'Alarm.Dimensions': undefined, 'Alarm.Namespace': OPEN },
  },
  {
    mistake: 'a table that is not named',
    change: { 'Alarm.Dimensions': [], 'Alarm.Namespace': 'AWS/DynamoDB', 'Alarm.MetricName': 'SystemErrors' },
    message: 'watches AWS/DynamoDB',
    open: { 'Alarm.Dimensions': undefined, 'Alarm.Namespace': 'AWS/DynamoDB', 'Alarm.MetricName': OPEN },
  },
]);

describeAccepted(
  alarmDimensions,
  stores,
  [
    ['AWS/DynamoDB', 'UserErrors'],
    ['AWS/DynamoDB', 'AccountProvisionedWriteCapacityUtilization'],
    ['AWS/SNS', 'SMSMonthToDateSpentUSD'],
    ['AWS/Events', 'FailedInvocations'],
    ['AWS/RDS', 'CPUUtilization'],
  ].map(([namespace, name]) => ({
    accepts: `${name} of ${namespace}, which is published without a dimension`,
    change: { 'Alarm.Dimensions': undefined, 'Alarm.Namespace': namespace, 'Alarm.MetricName': name },
  })),
);
