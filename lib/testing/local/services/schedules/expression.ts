import { scheduleFault } from '../../../../core/schedule/schedule';
import { AwsError } from '../../kernel/aws-errors';

/**
 * @throws AwsError unless it is like `rate(5 minutes)`, `cron(0 3 * * ? *)` or `at(2026-01-31T08:30:00)`
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function checkExpression(expression: string, timeZone: string): void {
  if (scheduleFault(expression, 'scheduler') !== undefined) {
    throw new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
  }
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
  } catch {
    throw new AwsError('ValidationException', `Invalid Schedule Expression Timezone ${timeZone}.`);
  }
}
