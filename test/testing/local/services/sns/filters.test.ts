import { passes } from '../../../../../lib/testing/local/services/sns/filter-match';
import { type FilterScope, readFilterPolicy } from '../../../../../lib/core/sns/filter-policy';
import type { MessageAttributes } from '../../../../../lib/testing/local/services/sns/message';
import { httpPauses, managedPauses } from '../../../../../lib/testing/local/services/sns/retry';
import { ATTRIBUTE_CASES, BODY_CASES, REFUSED, TAKEN } from './filter-cases';

/** Whether a policy that SNS takes lets a message pass. */
function passed(policy: object, scope: FilterScope, body: string, attributes: MessageAttributes): boolean {
  const read = readFilterPolicy(JSON.stringify(policy), scope);
  if (typeof read === 'string') throw new Error(read);
  return passes(read, scope, { body, attributes });
}

test.each(ATTRIBUTE_CASES)('a policy on attributes is held against %s', (_, policy, attributes, expected) => {
  expect(passed(policy, 'MessageAttributes', 'body', attributes)).toBe(expected);
});

test.each(BODY_CASES)('a policy on the body is held against %s', (_, policy, body, expected) => {
  expect(passed(policy, 'MessageBody', JSON.stringify(body), {})).toBe(expected);
});

test('a body that is no JSON passes no policy', () => {
  expect(passed({ a: [{ exists: false }] }, 'MessageBody', 'a text', {})).toBe(false);
});

test.each(REFUSED)('refuses a policy with %s', (_, policy, scope, words) => {
  const source = typeof policy === 'string' ? policy : JSON.stringify(policy);
  expect(readFilterPolicy(source, scope)).toBe(words);
});

test.each(TAKEN)('a policy at its limit is taken: %s', (_, policy, scope) => {
  expect(readFilterPolicy(JSON.stringify(policy), scope)).toEqual(policy);
});

test('queues and functions are tried 100,015 times over 23 days', () => {
  const pauses = [...managedPauses()];
  expect(pauses).toHaveLength(100_014);
  expect(pauses.slice(0, 6)).toEqual([0, 0, 0, 1, 1, 1]);
  expect(pauses[14]).toBe(20);
  expect(pauses.reduce((sum, one) => sum + one, 0) / 86_400).toBeCloseTo(23.1, 1);
});

test.each<[string, unknown, unknown, readonly number[]]>([
  ['without a policy', undefined, undefined, [20, 20, 20]],
  [
    'by phases',
    {
      healthyRetryPolicy: {
        numRetries: 6,
        numNoDelayRetries: 1,
        numMinDelayRetries: 1,
        numMaxDelayRetries: 1,
        minDelayTarget: 1,
        maxDelayTarget: 5,
      },
    },
    undefined,
    [0, 1, 1, 3, 5, 5],
  ],
  [
    'exponentially',
    { healthyRetryPolicy: { numRetries: 3, minDelayTarget: 1, maxDelayTarget: 100, backoffFunction: 'exponential' } },
    undefined,
    [1, 10, 100],
  ],
  [
    'as its topic says',
    undefined,
    { http: { defaultHealthyRetryPolicy: { numRetries: 1, minDelayTarget: 2, maxDelayTarget: 2 } } },
    [2],
  ],
  [
    'as its topic says alone',
    { healthyRetryPolicy: { numRetries: 9 } },
    JSON.stringify({ http: { defaultHealthyRetryPolicy: { numRetries: 0 }, disableSubscriptionOverrides: true } }),
    [],
  ],
])('an HTTP endpoint is tried again %s', (_, own, topic, expected) => {
  expect([...httpPauses(own, topic)].map((one) => Math.round(one * 1000) / 1000)).toEqual(expected);
});
