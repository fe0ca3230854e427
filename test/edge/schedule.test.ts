import { scheduleFault } from '../../lib/edge/schedule';

test.each([
  '* * * * *',
  '*/30 * * * *',
  '0 17 * * sun',
  '10 7 * * mon-fri',
  '10 7 * * 2-6',
  '0 15 1 * *',
  '0 18 * * 6L',
  '0 18 * * friL',
  '59 23 LW * *',
  '0 0 15W jan,Jul *',
  '0 9 * * MON#1',
  '1,31 0-6/2 * 1-6 *',
])('accepts %s', (schedule) => {
  expect(scheduleFault(schedule)).toBeUndefined();
});

test.each([
  ['rate(1 day)', "write it as a cron expression: '0 3 * * *' is daily at 03:00 UTC"],
  ['cron(0 3 * * ? *)', "write it as a cron expression: '0 3 * * *' is daily at 03:00 UTC"],
  ['0 0 3 * * *', 'give five fields (minute, hour, day of month, month, weekday), not 6'],
  ['@daily', 'give five fields (minute, hour, day of month, month, weekday), not 1'],
  ['60 * * * *', 'correct the minute: 0 to 59'],
  ['0 24 * * *', 'correct the hour: 0 to 23'],
  ['0 0 0 * *', 'correct the day of month: 1 to 31'],
  ['0 0 * foo *', 'correct the month: 1 to 12, or JAN to DEC'],
  ['0 0 * * 0', 'correct the weekday: 1 to 7, where Sunday is 1, or SUN to SAT'],
  ['0 0 * * #2', 'correct the weekday: 1 to 7, where Sunday is 1, or SUN to SAT'],
  ['*/0 * * * *', 'correct the minute: 0 to 59'],
  ['0 6-2 * * *', 'correct the hour: 0 to 23'],
  ['0 ? * * *', 'correct the hour: 0 to 23'],
])('finds the fault of %s', (schedule, fault) => {
  expect(scheduleFault(schedule)).toBe(fault);
});
