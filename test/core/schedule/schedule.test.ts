import { cronFault } from '../../../lib/core/schedule/cron';
import { scheduleFault } from '../../../lib/core/schedule/schedule';

describe('scheduleFault', () => {
  test.each([
    'rate(1 minute)',
    'rate(5 minutes)',
    'rate(1 day)',
    'cron(0 3 * * ? *)',
    'cron(0/15 8-18 ? * MON-FRI *)',
    'cron(0 0 L * ? *)',
    'cron(0 0 ? * 2#1 *)',
    'cron(0 0 LW 2 ? 2030)',
    'cron(0 0 29 2 ? *)',
    'cron(0 0 29 2 ? 2027,2028)',
    'cron(0 0 30,31 2,3 ? *)',
    'cron(0 0 ? * FRI-MON *)',
    'at(2030-01-31T08:30:00)',
  ])('accepts %s', (expression) => {
    expect(scheduleFault(expression, 'scheduler')).toBeUndefined();
  });

  test.each([
    ['rate(0 minutes)', 'never fires'],
    ['rate(5 seconds)', 'not a rate'],
    ['cron(3 * * *)', 'has 4 fields instead of 6'],
    ['cron(0 3 * * *)', '? in exactly one'],
    ['rate( 1 minute )', 'not a rate'],
    ['at(2030-01-31)', 'not a time'],
    ['at(2030-01-31 08:30:00)', 'not a time'],
    ['at(2030-01-31T08:30:00Z)', 'not a time'],
    ['at(2030-01-31T08:30:00.000)', 'not a time'],
    ['cron(0 0 3 * * *)', '? in exactly one'],
    ['cron(0 0 3 * * ? *)', 'has 7 fields'],
    ['cron(0 3 * * * *)', '? in exactly one'],
    ['cron(0 3 ? * ? *)', '? in exactly one'],
    ['cron(60 3 * * ? *)', "'60' for its minute"],
    ['cron(0 3 ? * 0 *)', "'0' for its day of week"],
    ['cron(0 0 30 2 ? *)', 'never fires'],
    ['cron(0 0 29 2 ? 2027)', 'never fires'],
    ['cron(0 0 31 4,6 ? *)', 'never fires'],
    ['cron(0 0 1 5-3 ? *)', "'5-3' for its month"],
    ['cron(0 22-3 * * ? *)', "'22-3' for its hour"],
    ['cron(0/0 * * * ? *)', 'a step of 0'],
    ['0 3 * * *', 'is not rate'],
    ['at(2030-02-30T00:00:00)', 'does not exist'],
    ['at(tomorrow)', 'not a time'],
  ])('refuses %s', (expression, fault) => {
    expect(scheduleFault(expression, 'scheduler')).toContain(fault);
  });

  test.each([
    ['rate(1 minutes)', 'wrong form'],
    ['rate(5 minute)', 'wrong form'],
    ['rate(5minutes)', 'not a rate'],
    ['RATE(5 minutes)', 'is not rate'],
    ['cron(0 3 * * ?)', 'has 5 fields instead of 6'],
    ['at(2030-01-31T08:30)', 'only EventBridge Scheduler'],
    ['AT(2030-01-31T08:30:00)', 'is not rate'],
  ])('refuses %s on a rule, and takes it from Scheduler', (expression, fault) => {
    expect(scheduleFault(expression, 'rule')).toContain(fault);
    expect(scheduleFault(expression, 'scheduler')).toBeUndefined();
  });

  test('refuses a one-time schedule on a rule', () => {
    expect(scheduleFault('at(2030-01-31T08:30:00)', 'rule')).toContain('only EventBridge Scheduler');
  });
});

describe('cronFault for Cloudflare', () => {
  test.each(['* * * * *', '*/30 * * * *', '10 7 * * mon-fri', '0 18 * * 6L', '59 23 LW * *', '0 17 * * 1'])(
    'accepts %s',
    (expression) => {
      expect(cronFault(expression, 'cloudflare')).toBeUndefined();
    },
  );

  test.each([
    ['0 17 * * 0', "'0' for its day of week"],
    ['0 3 * * ? *', 'has 6 fields instead of 5'],
    ['0 0 31 2 *', 'never fires'],
    ['0 24 * * *', "'24' for its hour"],
  ])('refuses %s', (expression, fault) => {
    expect(cronFault(expression, 'cloudflare')).toContain(fault);
  });
});
