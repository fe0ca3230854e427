import type * as access from '../../../../lib/access';
import { type DecisionRequest, Decisions } from '../../../../lib/testing/local/kernel/decisions';

const Version = '2012-10-17';
const KEY = 'arn:aws:sqs:eu-west-1:111111111111:jobs';
const SENDER = 'arn:aws:sts::111111111111:assumed-role/Sender/local-run';
const allow = (Condition?: access.Statement['Condition'], Resource: string = KEY): access.PolicyDocument => ({
  Version,
  Statement: { Effect: 'Allow', Action: 'sqs:SendMessage', Resource, ...(Condition && { Condition }) },
});
const decide = (
  decisions: Decisions,
  owner: object,
  policies: access.AccessPolicies,
  { context, ...more }: Partial<DecisionRequest> = {},
) => {
  const whole = { 'aws:ResourceAccount': '111111111111', 'aws:EpochTime': 1, 'sqs:Extra': 'a', ...context };
  const request = { action: 'sqs:SendMessage', resource: KEY, principal: SENDER, context: whole, ...more };
  return decisions.of(owner, request, policies);
};
const ask = (...asked: Parameters<typeof decide>) => decide(...asked).verdict;

test('a call that differs only in what no policy reads is decided once', () => {
  const [decisions, policies] = [new Decisions(), { identity: [allow()] }];
  const first = decide(decisions, policies, policies);
  const later = { context: { 'aws:ResourceAccount': '111111111111', 'aws:EpochTime': 2 } };
  expect(decide(decisions, policies, policies, later)).toBe(first);
});

test.each<[string, access.AccessPolicies, Partial<DecisionRequest>]>([
  [
    'a key of a condition, in any case',
    { identity: [allow({ StringEquals: { 'SQS:extra': 'a' } })] },
    { context: { 'sqs:Extra': 'b' } },
  ],
  [
    'a variable of a resource',
    { identity: [allow(undefined, 'arn:aws:sqs:eu-west-1:111111111111:${sqs:Extra}obs')] },
    { context: { 'sqs:Extra': 'b' } },
  ],
  [
    'the time',
    { identity: [allow({ NumericLessThan: { 'aws:EpochTime': '2' } })] },
    { context: { 'aws:EpochTime': 2 } },
  ],
  [
    'a key that a boundary reads',
    { identity: [allow()], boundary: allow({ StringEquals: { 'sqs:Extra': 'a' } }) },
    { context: { 'sqs:Extra': 'b' } },
  ],
  [
    'the account of the resource',
    { identity: [allow(undefined, '*')] },
    { resource: '*', context: { 'aws:ResourceAccount': '222222222222' } },
  ],
  ['the resource', { identity: [allow()] }, { resource: `${KEY}-more` }],
  ['the action', { identity: [allow()] }, { action: 'sqs:DeleteMessage' }],
])('a call that differs in %s is decided anew', (name, policies, more) => {
  const decisions = new Decisions();
  const jobs = name.startsWith('a variable')
    ? { context: { 'sqs:Extra': 'j', 'aws:ResourceAccount': '111111111111' } }
    : {};
  const first = name.startsWith('the account') ? { resource: '*' } : jobs;
  expect(ask(decisions, policies, policies, first)).toBe('allowed');
  expect(ask(decisions, policies, policies, more)).toBe('denied');
});

test('another policy of the resource, or another caller, is another decision', () => {
  const decisions = new Decisions();
  const identity: access.PolicyDocument[] = [];
  const named = (AWS: string): access.PolicyDocument => ({
    Version,
    Statement: { Effect: 'Allow', Action: '*', Resource: '*', Principal: { AWS } },
  });
  const owner = { identity };
  const role = 'arn:aws:iam::111111111111:role/Sender';
  expect(ask(decisions, owner, { identity, resourcePolicy: named(role) })).toBe('allowed');
  expect(ask(decisions, owner, { identity, resourcePolicy: named(role.replace('Sender', 'Other')) })).toBe('denied');
  const other = { principal: SENDER.replace('Sender', 'Other') };
  expect(ask(decisions, owner, { identity, resourcePolicy: named(role) }, other)).toBe('denied');
});

test('a repeated request is decided once, and anew where the policy reads the time', () => {
  const decisions = new Decisions();
  const ask = (policy: access.PolicyDocument, name: string, verdict: access.Decision['verdict']) =>
    decisions.ofRepeated(policy, name, () => ({ verdict, reasons: [] })).verdict;
  const always = allow();
  expect(ask(always, 'route one', 'allowed')).toBe('allowed');
  expect(ask(always, 'route one', 'denied')).toBe('allowed');
  expect(ask(always, 'route two', 'denied')).toBe('denied');
  for (const key of ['aws:CurrentTime', 'AWS:EpochTime']) {
    const until = allow({ DateLessThan: { [key]: '2030-01-01T00:00:00Z' } });
    expect(ask(until, 'route one', 'allowed')).toBe('allowed');
    expect(ask(until, 'route one', 'denied')).toBe('denied');
  }
});
