import { AwsError } from '../../kernel/aws-errors';

/**
 * @throws AwsError for what is no schedule: `rate(5 minutes)`, `cron(0 3 * * ? *)`, `at(2026-01-31T08:30:00)`
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function checkExpression(expression: string, timeZone: string): void {
  if (!isExpression(expression)) {
    throw new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
  }
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
  } catch {
    throw new AwsError('ValidationException', `Invalid Schedule Expression Timezone ${timeZone}.`);
  }
}

function isExpression(expression: string): boolean {
  const [, kind, content = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  switch (kind) {
    case 'at':
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(content) && !Number.isNaN(Date.parse(`${content}Z`));
    case 'rate':
      return /^[1-9]\d* (minute|hour|day)s?$/.test(content);
    case 'cron':
      return isCron(content.trim().split(/\s+/));
    default:
      return false;
  }
}

/** Six fields, and a question mark for exactly one of the two kinds of days. */
function isCron(fields: readonly string[]): boolean {
  const [, , day, , weekday] = fields;
  const allowed = fields.every((field) => /^[\dA-Za-z*,\-/?#]+$/.test(field));
  return fields.length === 6 && allowed && (day === '?') !== (weekday === '?');
}
