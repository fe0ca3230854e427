import { shortestInterval } from '../../../lib/core/schedule/interval';

test.each([
  ['rate(1 minute)', 60],
  ['rate(3 hours)', 10_800],
  ['rate(1 day)', 86_400],
  ['cron(0 3 * * ? *)', 86_400],
  ['cron(0 0 1 1 ? *)', 86_400],
  ['cron(* * * * ? *)', 60],
  ['cron(0/15 * * * ? *)', 900],
  ['cron(5/50 * * * ? *)', 600],
  ['cron(*/20 8-10 ? * MON-FRI *)', 1200],
  ['cron(0 8,10 * * ? *)', 7200],
  ['cron(59 23,0 * * ? *)', 3600],
  ['cron(0,59 0,23 * * ? *)', 60],
])('the shortest time between two runs of %s is %d seconds', (expression, seconds) => {
  expect(shortestInterval(expression)).toBe(seconds);
});

test('a schedule that runs once has none', () => {
  expect(shortestInterval('at(2030-01-31T08:30:00)')).toBeUndefined();
});

test.each(['cron(0 22-3 * * ? *)', 'cron(0/0 * * * ? *)', 'rate(0 minutes)', 'daily'])(
  '%s is malformed, and has none',
  (expression) => {
    expect(shortestInterval(expression)).toBeUndefined();
  },
);
