import { Aws, Duration, type Stack, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { ScheduledJob } from 'lintel/aws';
import { code, deadLettersAlarm, deadLettersByHand, functionAlarms, functionByHand } from './by-hand';
import type { Result } from './measure';
import { againstByHand } from './synthesis';

const schedule = 'cron(0 3 * * ? *)';

function byHand(scope: Construct): void {
  const failures = deadLettersByHand(scope);
  const maxEventAge = Duration.hours(6);
  const fn = functionByHand(scope, 'Handler', { deadLetterQueue: failures, maxEventAge });
  const principal = new ServicePrincipal('scheduler.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
  const role = new Role(scope, 'SchedulerRole', { assumedBy: principal });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] }));
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [failures.queueArn] }));
  new Schedule(scope, 'Schedule', {
    schedule: ScheduleExpression.expression(schedule, TimeZone.ETC_UTC),
    target: new LambdaInvoke(fn, {
      role: role.withoutPolicyUpdates(),
      deadLetterQueue: failures,
      maxEventAge,
      input: ScheduleTargetInput.fromObject({
        scheduledTime: '<aws.scheduler.scheduled-time>',
        executionId: '<aws.scheduler.execution-id>',
      }),
    }),
  });
  functionAlarms(scope, fn);
  deadLettersAlarm(scope, failures);
}

/** The pattern against the same resources by hand. */
export function run(): Result[] {
  const byPattern = (stack: Stack) => new ScheduledJob(stack, 'Nightly', { handler: { code }, schedule });
  return againstByHand('ScheduledJob', byPattern, byHand);
}
