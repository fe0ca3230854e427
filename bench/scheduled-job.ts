import { Duration, type Stack, TimeZone } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { ScheduledJob } from 'lintel/aws';
import { code, deadLettersAlarm, deadLettersByHand, functionAlarms, functionByHand } from './by-hand';
import type { Result } from './measure';
import { againstByHand } from './synthesis';

const schedule = 'cron(0 3 * * ? *)';

function byHand(stack: Stack): void {
  const failures = deadLettersByHand(stack);
  const maxEventAge = Duration.hours(6);
  const fn = functionByHand(stack, 'Handler', { deadLetterQueue: failures, maxEventAge });
  new Schedule(stack, 'Schedule', {
    schedule: ScheduleExpression.expression(schedule, TimeZone.ETC_UTC),
    target: new LambdaInvoke(fn, {
      deadLetterQueue: failures,
      maxEventAge,
      input: ScheduleTargetInput.fromObject({
        scheduledTime: '<aws.scheduler.scheduled-time>',
        executionId: '<aws.scheduler.execution-id>',
      }),
    }),
  });
  functionAlarms(stack, fn);
  deadLettersAlarm(stack, failures);
}

/** The pattern against the same resources by hand. */
export function run(): Result[] {
  const byPattern = (stack: Stack) => new ScheduledJob(stack, 'Nightly', { handler: { code }, schedule });
  return againstByHand('ScheduledJob', byPattern, byHand);
}
