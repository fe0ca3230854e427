import { inputFault, targetInput } from '../../../../../lib/testing/local/services/event-bridge/input';

const RULE = { arn: 'arn:aws:events:us-east-1:123456789012:rule/shop/paid', name: 'paid' };
const EVENT = {
  version: '0',
  id: 'e1',
  'detail-type': 'Paid',
  source: 'shop',
  account: '123456789012',
  time: '2026-01-31T08:00:00Z',
  region: 'us-east-1',
  resources: ['arn:aws:x'],
  detail: { id: 'a', total: 5, open: false, who: { name: 'Ann', tags: ['x', 'y'] }, said: 'say "hi"' },
};
const PATHS = {
  id: '$.detail.id',
  total: '$.detail.total',
  open: '$.detail.open',
  who: '$.detail.who',
  tags: '$.detail.who.tags',
  first: '$.detail.who.tags[0]',
  said: '$.detail.said',
  none: '$.detail.none',
};
const made = (InputTemplate: string) =>
  targetInput({ InputTransformer: { InputTemplate, InputPathsMap: PATHS } }, EVENT, RULE);

test.each([
  ['a text keeps its quotation marks', '"order <id> of <total>"', '"order a of 5"'],
  ['values of JSON', '{"id":<id>,"total":<total>,"open":<open>}', '{"id":"a","total":5,"open":false}'],
  ['values inside of text', '{"say":"order <id>, <total>"}', '{"say":"order a, 5"}'],
  ['objects and lists', '{"who":<who>,"tags":[<first>,9]}', '{"who":{"name":"Ann","tags":["x","y"]},"tags":["x",9]}'],
  ['an object inside of text loses its quotation marks', '"<who> and <tags>"', '"{name:Ann,tags:[x,y]} and [x,y]"'],
  ['what is not there is empty', '{"none":<none>,"text":"(<none>)"}', '{"none":"","text":"()"}'],
  ['a text unquoted is escaped', '{"said":<said>}', '{"said":"say \\"hi\\""}'],
  ['lines of text', '"<id> one"\n"<total> two"', '"a one"\n"5 two"'],
  [
    'the rule',
    '{"rule":<aws.events.rule-arn>,"name":"<aws.events.rule-name>"}',
    `{"rule":"${RULE.arn}","name":"paid"}`,
  ],
  ['the whole event', '{"all":<aws.events.event.json>}', `{"all":${JSON.stringify(EVENT)}}`],
])('%s', (_, template, expected) => {
  expect(made(template)).toBe(expected);
});

test('the event without its detail, and when it came', () => {
  const { event, at } = JSON.parse(made('{"event":<aws.events.event>,"at":"<aws.events.event.ingestion-time>"}')) as {
    event: Record<string, unknown>;
    at: string;
  };
  expect(Object.keys(event).sort()).toEqual([
    'account',
    'detailType',
    'id',
    'region',
    'resources',
    'source',
    'time',
    'version',
  ]);
  expect([event.detailType, event.time]).toEqual(['Paid', at]);
});

test('refuses a value that makes the template no JSON: nothing escapes it inside of text', () => {
  expect(() => made('{"said":"<said>"}')).toThrow(
    'The template does not produce JSON from this event: {"said":"say "hi""}',
  );
});

test.each([
  [{ InputPath: '$.detail.who' }, '{"name":"Ann","tags":["x","y"]}'],
  [{ InputPath: '$.detail.id' }, '"a"'],
  [{ Input: '{"fixed": true}' }, '{"fixed": true}'],
  [{}, JSON.stringify(EVENT)],
])('%j gives its part of the event', (target, expected) => {
  expect(targetInput(target, EVENT, RULE)).toBe(expected);
});

test.each([
  [{ Input: '1', InputPath: '$' }, 'Only one of Input, InputPath, or InputTransformer must be provided for target T.'],
  [
    { InputTransformer: { InputTemplate: '"<id> <other>"', InputPathsMap: { id: '$.id' } } },
    'InputTemplate for target T contains invalid placeholder other.',
  ],
  [{ InputTransformer: { InputTemplate: 'x'.repeat(8193) } }, 'InputTemplate of target T is longer than 8192.'],
  [
    {
      InputTransformer: {
        InputTemplate: '1',
        InputPathsMap: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`p${n}`, '$'])),
      },
    },
    'InputPathsMap of target T has more than 100 entries.',
  ],
])('refuses %#', (target, fault) => {
  expect(inputFault({ Id: 'T', ...target })).toBe(fault);
});
