import { occurrences } from '../../../../../lib/testing/local/services/schedules/occurrences';

const times = (expression: string, from: string, to: string, zone = 'UTC') =>
  occurrences(expression, zone, new Date(from), new Date(to)).map((time) => time.toISOString().slice(0, 16));

test.each([
  ['rate(6 hours)', '2026-01-01T00:00Z', '2026-01-01T13:00Z', ['2026-01-01T06:00', '2026-01-01T12:00']],
  ['at(2026-01-01T08:30:00)', '2026-01-01T00:00Z', '2026-01-02T00:00Z', ['2026-01-01T08:30']],
  ['AT(2026-01-01T08:30)', '2026-01-01T00:00Z', '2026-01-02T00:00Z', ['2026-01-01T08:30']],
  ['rate(6hours)', '2026-01-01T00:00Z', '2026-01-01T07:00Z', ['2026-01-01T06:00']],
  ['cron(0 9 ? * MON-FRI)', '2026-01-02T00:00Z', '2026-01-06T00:00Z', ['2026-01-02T09:00', '2026-01-05T09:00']],
  ['at(2027-01-01T08:30:00)', '2026-01-01T00:00Z', '2026-01-02T00:00Z', []],
  ['cron(0/20 3 * * ? *)', '2026-01-01T03:10Z', '2026-01-01T23:00Z', ['2026-01-01T03:20', '2026-01-01T03:40']],
  ['cron(0 9 ? * MON-FRI *)', '2026-01-02T00:00Z', '2026-01-06T00:00Z', ['2026-01-02T09:00', '2026-01-05T09:00']],
  ['cron(0 0 ? * FRI-MON *)', '2026-01-06T00:00Z', '2026-01-11T00:00Z', ['2026-01-09T00:00', '2026-01-10T00:00']],
  // Friday, and in steps of two over the weekend: Sunday.
  ['cron(0 0 ? * FRI-MON/2 *)', '2026-01-05T00:00Z', '2026-01-13T00:00Z', ['2026-01-09T00:00', '2026-01-11T00:00']],
  ['cron(0 22-3 * * ? *)', '2026-01-01T00:00Z', '2026-01-03T00:00Z', []],
  ['cron(0/0 * * * ? *)', '2026-01-01T00:00Z', '2026-01-03T00:00Z', []],
  ['cron(0 0 ? * monL *)', '2026-01-01T00:00Z', '2026-02-01T00:00Z', ['2026-01-26T00:00']],
  ['cron(0 0 L * ? *)', '2026-02-01T00:00Z', '2026-04-01T00:00Z', ['2026-02-28T00:00', '2026-03-31T00:00']],
  ['cron(0 0 1W * ? *)', '2026-08-01T00:00Z', '2026-08-31T00:00Z', ['2026-08-03T00:00']],
  ['cron(0 0 ? * 2#2 *)', '2026-01-01T00:00Z', '2026-02-01T00:00Z', ['2026-01-12T00:00']],
  ['cron(0 0 ? * 6L *)', '2026-01-01T00:00Z', '2026-02-01T00:00Z', ['2026-01-30T00:00']],
  ['cron(0 0 1 JAN ? 2027)', '2026-01-01T00:00Z', '2026-12-31T00:00Z', []],
])('%s from %s to %s', (expression, from, to, expected) => {
  expect(times(expression, from, to)).toEqual(expected);
});

test('a time zone moves with its summer', () => {
  const berlin = (from: string, to: string) => times('cron(30 2 * * ? *)', from, to, 'Europe/Berlin');
  // 29 March 2026: 02:30 does not exist. 25 October 2026: it exists twice.
  expect(berlin('2026-03-28T00:00Z', '2026-03-31T00:00Z')).toEqual(['2026-03-28T01:30', '2026-03-30T00:30']);
  expect(berlin('2026-10-25T00:00Z', '2026-10-27T00:00Z')).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
});

test.each([
  ['rate(1 hour)', '2026-01-01T10:30Z', undefined, ['10:30', '11:30', '12:30']],
  ['rate(1 hour)', '2025-12-31T23:45Z', undefined, ['10:45', '11:45', '12:45']],
  ['rate(1 hour)', '2026-01-01T10:30Z', '2026-01-01T11:30Z', ['10:30', '11:30']],
  ['rate(1 hour)', undefined, '2026-01-01T11:00Z', ['11:00']],
  ['cron(0 * * * ? *)', '2026-01-01T10:30Z', '2026-01-01T12:00Z', ['11:00', '12:00']],
  ['at(2026-01-01T11:00:00)', '2026-01-01T12:00Z', '2026-01-01T12:30Z', ['11:00']],
])('%s from %s until %s', (expression, start, end, expected) => {
  const dates = { start: start && new Date(start), end: end && new Date(end) } as { start?: Date; end?: Date };
  const found = occurrences(expression, 'UTC', new Date('2026-01-01T10:00Z'), new Date('2026-01-01T13:00Z'), dates);
  expect(found.map((time) => time.toISOString().slice(11, 16))).toEqual(expected);
});
