import { alarmDimensions } from '../../../../lib/rules/rules/observability/alarm-dimensions';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { stores } from '../data/templates';

describeFaults(alarmDimensions, stores, [
  {
    mistake: 'an alarm on no queue',
    change: { 'Alarm.Dimensions': undefined },
    message: 'watches AWS/SQS without naming a resource',
    openButFine: { 'Alarm.Dimensions.0.Value': OPEN },
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
