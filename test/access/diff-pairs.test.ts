import { accessMatrix, diffAccess } from '../../lib/access';
import { actionsInWords } from '../../lib/access/report/actions';
import { changed, details } from '../../lib/access/report/text';
import type { Model } from '../../lib/core/model/model';
import { readTemplate } from '../../lib/core/model/read-template';
import { document, getAtt, may, role, template, worker } from './templates';

/** What widened and what narrowed, as one word each way. */
function ways(base: Model, head: Model): string {
  const { widened, narrowed } = diffAccess(base, head);
  return [...(widened.length > 0 ? ['wider'] : []), ...(narrowed.length > 0 ? ['narrower'] : [])].join(' ') || 'same';
}

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const when = (Condition: Conditions, Resource: unknown = '*') => may('s3:GetObject', Resource, { Condition });
const deny = (Resource: unknown, Condition?: Conditions) => ({
  Effect: 'Deny',
  Action: 's3:GetObject',
  Resource,
  ...(Condition && { Condition }),
});
const of = (...statements: readonly object[]) => template(worker(statements));
const BUCKET = 'arn:aws:s3:::b';
const all = may('s3:GetObject');

/** The second is narrower than the first: so told, and told as wider the other way round. */
const narrower: readonly [string, readonly object[], readonly object[]][] = [
  [
    'a smaller network',
    [when({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
    [when({ IpAddress: { 'aws:SourceIp': '10.1.0.0/16' } })],
  ],
  [
    'a single address of a network',
    [when({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
    [when({ IpAddress: { 'aws:SourceIp': '10.1.2.3' } })],
  ],
  [
    'two halves, one of them left',
    [when({ IpAddress: { 'aws:SourceIp': ['10.0.0.0/9', '10.128.0.0/9'] } })],
    [when({ IpAddress: { 'aws:SourceIp': '10.0.0.0/9' } })],
  ],
  [
    'a smaller network of version 6',
    [when({ IpAddress: { 'aws:SourceIp': '2001:db8::/32' } })],
    [when({ IpAddress: { 'aws:SourceIp': '2001:db8:1::/48' } })],
  ],
  [
    'a larger network that is refused',
    [when({ NotIpAddress: { 'aws:SourceIp': '10.1.0.0/16' } })],
    [when({ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
  ],
  [
    'a smaller number',
    [when({ NumericLessThan: { 's3:max-keys': '100' } })],
    [when({ NumericLessThan: { 's3:max-keys': '10' } })],
  ],
  [
    'a smaller number that is no text',
    [when({ NumericLessThan: { 's3:max-keys': '10' } })],
    [when({ NumericLessThan: { 's3:max-keys': 9 } })],
  ],
  [
    'one text in place of a range of numbers',
    [when({ NumericLessThan: { 's3:max-keys': '10' } })],
    [when({ StringEquals: { 's3:max-keys': '9' } })],
  ],
  [
    'one spelling of a number in place of all',
    [when({ NumericEquals: { 's3:max-keys': '9' } })],
    [when({ StringEquals: { 's3:max-keys': ['9', '9.0'] } })],
  ],
  [
    'a number of seconds in place of a day',
    [when({ DateLessThan: { 'aws:EpochTime': '2027-06-01T00:00:00Z' } })],
    [when({ NumericLessThan: { 'aws:EpochTime': '1800000000' } })],
  ],
  [
    'at most in place of less than a larger',
    [when({ NumericLessThan: { 's3:max-keys': '100' } })],
    [when({ NumericLessThanEquals: { 's3:max-keys': '99' } })],
  ],
  [
    'equal in place of at least',
    [when({ NumericGreaterThanEquals: { 's3:max-keys': '5' } })],
    [when({ NumericEquals: { 's3:max-keys': '7' } })],
  ],
  [
    'an earlier day',
    [when({ DateLessThan: { 'aws:CurrentTime': '2027-06-01T00:00:00Z' } })],
    [when({ DateLessThan: { 'aws:CurrentTime': '2027-01-01' } })],
  ],
  [
    'a later beginning',
    [when({ DateGreaterThan: { 'aws:CurrentTime': '2027-01-01' } })],
    [when({ DateGreaterThanEquals: { 'aws:CurrentTime': '2027-02-01T00:00:00Z' } })],
  ],
  [
    'a tighter pattern',
    [when({ StringLike: { 's3:prefix': 'home/*' } })],
    [when({ StringLike: { 's3:prefix': 'home/a/*' } })],
  ],
  [
    'a value in place of its pattern',
    [when({ StringLike: { 's3:prefix': 'home/*' } })],
    [when({ StringEquals: { 's3:prefix': 'home/a' } })],
  ],
  [
    'a value in its own case alone',
    [when({ StringEqualsIgnoreCase: { k: 'Prod' } })],
    [when({ StringEquals: { k: 'prod' } })],
  ],
  ['values of one pattern', [when({ StringLike: { k: 'a*' } })], [when({ StringEquals: { k: ['ab', 'ac'] } })]],
  [
    'a wider pattern that is refused',
    [when({ StringNotLike: { k: 'home/a/*' } })],
    [when({ StringNotLike: { k: 'home/*' } })],
  ],
  [
    'a pattern in place of a value that is refused',
    [when({ StringNotEquals: { k: 'ab' } })],
    [when({ StringNotLike: { k: 'a*' } })],
  ],
  [
    'no value at all in place of any but one',
    [when({ StringNotLike: { k: 'a' } })],
    [when({ 'ForAllValues:StringNotLike': { k: '*' } })],
  ],
  [
    'a tighter ARN',
    [when({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:*' } })],
    [when({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::b*' } })],
  ],
  [
    'an ARN of six parts within a text',
    [when({ StringLike: { 'aws:SourceArn': 'arn:aws:s3:*' } })],
    [when({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::b*' } })],
  ],
  ['IfExists dropped', [when({ StringEqualsIfExists: { k: 'a' } })], [when({ StringEquals: { k: 'a' } })]],
  ['a key that must be there', [all], [when({ Null: { k: 'false' } })]],
  ['a value of a key that had to be there', [when({ Null: { k: 'false' } })], [when({ Bool: { k: 'true' } })]],
  [
    'any of a set that becomes every one of it, where there is one',
    [when({ 'ForAnyValue:StringEquals': { k: ['a', 'b'] } })],
    [when({ 'ForAnyValue:StringEquals': { k: ['a', 'b'] }, 'ForAllValues:StringEquals': { k: ['a', 'b'] } })],
  ],
  [
    'fewer values of a set',
    [when({ 'ForAllValues:StringLike': { k: ['a*', 'b*'] } })],
    [when({ 'ForAllValues:StringLike': { k: ['a*'] } })],
  ],
  [
    'every value of a set, which must not be empty',
    [when({ 'ForAllValues:StringEquals': { k: ['a'] } })],
    [when({ 'ForAllValues:StringEquals': { k: ['a'] }, Null: { k: 'false' } })],
  ],
  ['a further condition', [when({ StringEquals: { k: 'a' } })], [when({ StringEquals: { k: 'a', j: 'b' } })]],
  [
    'a condition of two that leaves the other statement',
    [when({ StringEquals: { k: 'a' } }), when({ StringEquals: { k: 'b' } })],
    [when({ StringEquals: { k: 'b' } })],
  ],
  ['a tighter resource', [may('s3:GetObject', `${BUCKET}/*`)], [may('s3:GetObject', `${BUCKET}/a/*`)]],
  [
    'nine characters in place of any',
    [may('s3:GetObject', `${BUCKET}/*`)],
    [may('s3:GetObject', `${BUCKET}/?????????`)],
  ],
  [
    'a part of an ARN in place of all that follows',
    [may('s3:GetObject', 'arn:aws:s3*')],
    [may('s3:GetObject', 'arn:aws:s3:*:*:b/a')],
  ],
  [
    'the folder of the caller in place of all',
    [may('s3:GetObject', `${BUCKET}/*`)],
    [may('s3:GetObject', `${BUCKET}/\${aws:username}/*`)],
  ],
  [
    'a part of the folder of the caller',
    [may('s3:GetObject', `${BUCKET}/\${aws:username}/*`)],
    [may('s3:GetObject', `${BUCKET}/\${aws:username}/a`)],
  ],
  ['a deny', [all], [all, deny(`${BUCKET}/secret`)]],
  ['a deny for more', [all, deny(`${BUCKET}/a`)], [all, deny(`${BUCKET}/*`)]],
  ['a deny without its condition', [all, deny('*', { Bool: { 'aws:SecureTransport': 'false' } })], [all, deny('*')]],
  [
    'a deny of a larger network',
    [all, deny('*', { IpAddress: { 'aws:SourceIp': '10.1.0.0/16' } })],
    [all, deny('*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
  ],
  [
    'a deny outside of a smaller network',
    [all, deny('*', { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
    [all, deny('*', { NotIpAddress: { 'aws:SourceIp': '10.1.0.0/16' } })],
  ],
  [
    'an exception',
    [{ Effect: 'Allow', Action: 's3:GetObject', NotResource: `${BUCKET}/a` }],
    [{ Effect: 'Allow', Action: 's3:GetObject', NotResource: `${BUCKET}/*` }],
  ],
  [
    'an action less that is left out',
    [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
    [{ Effect: 'Allow', NotAction: ['iam:*', 'sts:*'], Resource: '*' }],
  ],
  [
    'all but a resource in place of all',
    [all],
    [{ Effect: 'Allow', Action: 's3:GetObject', NotResource: `${BUCKET}/a` }],
  ],
];

/** The second means what the first means. */
const same: readonly [string, readonly object[], readonly object[]][] = [
  [
    'IfExists of a negated operator, which an absent key matches anyhow',
    [when({ StringNotEqualsIfExists: { k: 'a' } })],
    [when({ StringNotEquals: { k: 'a' } })],
  ],
  [
    'the case of a key',
    [when({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })],
    [when({ StringEquals: { 'AWS:principalorgid': 'o-1' } })],
  ],
  [
    'ArnEquals and ArnLike',
    [when({ ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::b*' } })],
    [when({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::b*' } })],
  ],
  [
    'ArnNotEquals and ArnNotLike',
    [when({ ArnNotEquals: { k: 'arn:aws:s3:::b*' } })],
    [when({ ArnNotLike: { k: 'arn:aws:s3:::b*' } })],
  ],
  [
    'StringLike without a wildcard and StringEquals',
    [when({ StringLike: { k: 'a' } })],
    [when({ StringEquals: { k: 'a' } })],
  ],
  [
    'another spelling of a network',
    [when({ IpAddress: { k: '10.1.2.3/8' } })],
    [when({ IpAddress: { k: '10.0.0.0/8' } })],
  ],
  [
    'a network in two halves',
    [when({ IpAddress: { k: '10.0.0.0/8' } })],
    [when({ IpAddress: { k: ['10.0.0.0/9', '10.128.0.0/9'] } })],
  ],
  ['another spelling of a number', [when({ NumericEquals: { k: '5' } })], [when({ NumericEquals: { k: '5.0' } })]],
  [
    'another spelling of a day',
    [when({ DateLessThan: { k: '2027-01-01' } })],
    [when({ DateLessThan: { k: '2027-01-01T00:00:00Z' } })],
  ],
  ['another spelling of a truth', [when({ Bool: { k: 'true' } })], [when({ Bool: { k: 'True' } })]],
  ['a value that another one means', [when({ StringLike: { k: ['a*', 'ab'] } })], [when({ StringLike: { k: 'a*' } })]],
  [
    'values in two statements',
    [when({ StringEquals: { k: ['a', 'b'] } })],
    [when({ StringEquals: { k: 'a' } }), when({ StringEquals: { k: 'b' } })],
  ],
  [
    'actions in two statements under one condition',
    [may(['s3:GetObject', 's3:PutObject'], '*', { Condition: { Bool: { k: 'true' } } })],
    [may('s3:PutObject', '*', { Condition: { Bool: { k: 'true' } } }), when({ Bool: { k: 'true' } })],
  ],
  [
    'resources in two statements',
    [may('s3:GetObject', [`${BUCKET}/a/*`, `${BUCKET}/b/*`])],
    [may('s3:GetObject', `${BUCKET}/b/*`), may('s3:GetObject', `${BUCKET}/a/*`)],
  ],
  [
    'a condition and its opposite together',
    [all],
    [when({ StringEquals: { k: 'a' } }), when({ StringNotLike: { k: 'a' } }), all],
  ],
  ['present or absent, each by itself', [all], [when({ Null: { k: 'true' } }), when({ Null: { k: 'false' } })]],
  ['a statement that contradicts itself', [all], [all, when({ StringEquals: { k: 'a' }, StringLike: { k: 'b*' } })]],
  [
    'a deny of what no statement allows',
    [may('s3:GetObject', `${BUCKET}/a/*`)],
    [may('s3:GetObject', `${BUCKET}/a/*`), deny(`${BUCKET}/b/*`)],
  ],
  [
    'a deny in two halves',
    [all, deny('*', { IpAddress: { k: '10.0.0.0/8' } })],
    [all, deny('*', { IpAddress: { k: '10.0.0.0/9' } }), deny('*', { IpAddress: { k: '10.128.0.0/9' } })],
  ],
  [
    'an Allow with an exception and a Deny of it',
    [{ Effect: 'Allow', Action: 's3:GetObject', NotResource: `${BUCKET}/a` }],
    [all, deny(`${BUCKET}/a`)],
  ],
  ['wildcards one after another', [may('s3:GetObject', `${BUCKET}/**`)], [may('s3:GetObject', `${BUCKET}/*`)]],
  ['wildcards in another order', [may('s3:GetObject', `${BUCKET}/?*`)], [may('s3:GetObject', `${BUCKET}/*?`)]],
  [
    'ForAllValues with an operator that negates, and ForAllValues of it by another name',
    [when({ 'ForAllValues:StringNotEquals': { k: 'a' } })],
    [when({ 'ForAllValues:StringNotLike': { k: 'a' } })],
  ],
];

/** Each means requests that the other does not. */
const apart: readonly [string, readonly object[], readonly object[]][] = [
  ['another value', [when({ StringEquals: { k: 'a' } })], [when({ StringEquals: { k: 'b' } })]],
  ['another network', [when({ IpAddress: { k: '10.0.0.0/8' } })], [when({ IpAddress: { k: '11.0.0.0/8' } })]],
  [
    'a later end and a later beginning',
    [when({ DateLessThan: { k: '2027-01-01' } })],
    [when({ DateGreaterThan: { k: '2027-01-01' } })],
  ],
  [
    'one value in place of every value',
    [when({ 'ForAllValues:StringEquals': { k: 'a' } })],
    [when({ StringEquals: { k: ['a', 'b'] } })],
  ],
  [
    'several values, which an operator without a set does not match',
    [when({ StringLikeIfExists: { k: '*' } })],
    [when({ 'ForAllValues:StringEquals': { k: 'a' } })],
  ],
  [
    'an empty text beside another',
    [when({ StringEquals: { k: 'a' } })],
    [when({ 'ForAnyValue:StringNotLike': { k: '?*' } })],
  ],
  [
    'an empty text, which is absent to Null and not to others',
    [when({ NumericLessThanIfExists: { k: '5' } })],
    [when({ Null: { k: 'true' } })],
  ],
  ['a value in place of its negation', [when({ StringNotEquals: { k: 'a' } })], [when({ StringEquals: { k: 'a' } })]],
  ['a colon beyond a wildcard', [may('s3:GetObject', 'arn:aws:s3:::*')], [may('s3:GetObject', 'arn:aws:s3*::b')]],
  ['patterns that meet', [may('s3:GetObject', `${BUCKET}/a*`)], [may('s3:GetObject', `${BUCKET}/*a`)]],
  [
    'folders of other variables',
    [may('s3:GetObject', `${BUCKET}/\${aws:username}/*`)],
    [may('s3:GetObject', `${BUCKET}/\${aws:userid}/*`)],
  ],
];

test.each(narrower)('narrower: %s', (_, base, head) => {
  expect(ways(of(...base), of(...head))).toBe('narrower');
  expect(ways(of(...head), of(...base))).toBe('wider');
});

test.each(same)('no change: %s', (_, base, head) => {
  expect(ways(of(...base), of(...head))).toBe('same');
  expect(ways(of(...head), of(...base))).toBe('same');
});

describe('a boundary', () => {
  const bounded = (limit: object | undefined) =>
    template(
      worker([], {
        Role: role([all], limit ? { PermissionsBoundary: { Ref: 'B' } } : {}),
        ...(limit && { B: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(limit) } } }),
      }),
    );
  const network = (range: string) => when({ IpAddress: { 'aws:SourceIp': range } });

  test.each([
    ['with a condition in place of none', undefined, network('10.0.0.0/8')],
    ['with a narrower condition', network('10.0.0.0/8'), network('10.1.0.0/16')],
    ['of fewer actions', may(['s3:GetObject', 's3:PutObject']), network('10.0.0.0/8')],
  ])('%s is narrower', (_, base, head) => {
    expect(ways(bounded(base), bounded(head))).toBe('narrower');
    expect(ways(bounded(head), bounded(base))).toBe('wider');
  });
});

test('a boundary under a condition limits nothing where there is none', () => {
  const under = (boundary: unknown) =>
    readTemplate(
      JSON.stringify({
        Parameters: { Stage: { Type: 'String' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          ...worker([], { Role: role([all], { PermissionsBoundary: boundary }) }),
          B: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(may('sqs:*')) } },
        },
      }),
      { name: 'Shop' },
    );
  const sometimes = under({ 'Fn::If': ['IsProd', { Ref: 'B' }, { Ref: 'AWS::NoValue' }] });
  const shown = accessMatrix(sometimes).entries.filter(({ principal }) => principal.kind === 'function');
  expect(shown).toMatchObject([{ actions: ['s3:GetObject'], conditions: ['when not IsProd'] }]);
  expect(ways(under({ Ref: 'B' }), sometimes)).toBe('wider');
  expect(ways(sometimes, under({ Ref: 'B' }))).toBe('narrower');
});

test('an action that AWS added since the data was read is neither lost nor new', () => {
  const some = [may('brandnew:DoIt'), all];
  expect(ways(of(may('*')), of(...some))).toBe('narrower');
  expect(ways(of(...some), of(may('*')))).toBe('wider');
  const denied = { Effect: 'Deny', Action: 'brandnew:DoIt', Resource: '*' };
  expect(ways(of(may('*'), denied), of(may('*')))).toBe('wider');
});

describe('a role that exists under a condition', () => {
  const conditional = (stage: string | undefined, name = 'IsProd') =>
    readTemplate(
      JSON.stringify({
        Parameters: { Stage: { Type: 'String' } },
        Conditions: { [name]: { 'Fn::Equals': [{ Ref: 'Stage' }, stage ?? 'prod'] } },
        Resources: worker([], { Role: { ...role([all]), ...(stage !== undefined && { Condition: name }) } }),
      }),
      { name: 'Shop' },
    );

  test('is wider where it exists whatever holds', () => {
    expect(ways(conditional('prod'), conditional(undefined))).toBe('wider');
    expect(ways(conditional(undefined), conditional('prod'))).toBe('narrower');
  });

  test('is another where the condition says something else, and the same under another name', () => {
    expect(ways(conditional('prod'), conditional('dev'))).toBe('wider narrower');
    expect(ways(conditional('prod'), conditional('prod', 'Live'))).toBe('same');
  });
});

test('a number in place of another that is a text is looked at as a number', () => {
  const [text, numbers] = [when({ StringEquals: { k: ['9', '11'] } }), when({ NumericLessThan: { k: '10' } })];
  expect(ways(of(numbers), of(text))).toBe('wider narrower');
});

test.each(apart)('wider and narrower: %s', (_, base, head) => {
  expect(ways(of(...base), of(...head))).toBe('wider narrower');
  expect(ways(of(...head), of(...base))).toBe('wider narrower');
});

describe('who may use a resource', () => {
  const queue = (...statements: readonly object[]) =>
    template({
      ...worker([]),
      Policy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: document(...statements) },
      },
    });
  const to = (Principal: unknown, Condition?: Conditions) => ({
    Effect: 'Allow',
    Principal,
    Action: 'sqs:SendMessage',
    Resource: getAtt('Queue'),
    ...(Condition && { Condition }),
  });
  const ACCOUNT = '111111111111';
  const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
  const events = { Service: 'events.amazonaws.com' };
  const rule = (name: string) => ({ ArnLike: { 'aws:SourceArn': `arn:aws:events:eu-west-1:${ACCOUNT}:rule/${name}` } });

  test.each<[string, object, object]>([
    ['an account in place of everybody', to('*'), to(root)],
    ['a role in place of its account', to(root), to({ AWS: `arn:aws:iam::${ACCOUNT}:role/a` })],
    ['a role in place of its account by number', to({ AWS: ACCOUNT }), to({ AWS: `arn:aws:iam::${ACCOUNT}:role/a` })],
    ['a user in place of everybody', to({ AWS: '*' }), to({ AWS: `arn:aws:iam::${ACCOUNT}:user/a` })],
    ['a role of this account in place of it', to({ AWS: { Ref: 'AWS::AccountId' } }), to({ AWS: getAtt('Role') })],
    ['an organization in place of everybody', to('*'), to('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })],
    ['an account by its condition', to(root), to('*', { StringEquals: { 'aws:PrincipalAccount': ACCOUNT, k: 'a' } })],
    ['a service for one of its rules', to(events), to(events, rule('a'))],
    [
      'a service for the rules of an account',
      to(events),
      to(events, { StringEquals: { 'aws:SourceAccount': ACCOUNT } }),
    ],
    ['fewer rules of a service', to(events, rule('*')), to(events, rule('a*'))],
    ['a service in place of everybody', to('*'), to(events)],
    [
      'a deny for everybody in place of one for a role',
      { ...to({ AWS: `arn:aws:iam::${ACCOUNT}:role/a` }), Effect: 'Deny' },
      { ...to('*'), Effect: 'Deny' },
    ],
    ['an account of two', to({ AWS: [ACCOUNT, '222222222222'] }), to(root)],
  ])('narrower: %s', (_, base, head) => {
    expect(ways(queue(base), queue(head))).toBe('narrower');
    expect(ways(queue(head), queue(base))).toBe('wider');
  });

  test.each<[string, object, object]>([
    ['an account by number and by its root', to({ AWS: ACCOUNT }), to(root)],
    ['everybody in both spellings', to('*'), to({ AWS: '*' })],
    [
      'a condition on the account and the account',
      to('*', { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } }),
      to(root),
    ],
  ])('no change: %s', (_, base, head) => {
    expect(ways(queue(base), queue(head))).toBe('same');
  });

  test.each<[string, object, object]>([
    ['a role of another account', to(root), to({ AWS: 'arn:aws:iam::222222222222:role/a' })],
    ['another service', to(events), to({ Service: 'sns.amazonaws.com' })],
    ['another source', to(events, rule('a')), to(events, rule('b'))],
    [
      'no deny for a role from elsewhere',
      { ...to({ AWS: `arn:aws:iam::${ACCOUNT}:role/a` }), Effect: 'Deny' },
      to(events),
    ],
    [
      'a deny for a role in place of one for everybody',
      { ...to('*'), Effect: 'Deny' },
      { ...to({ AWS: `arn:aws:iam::${ACCOUNT}:role/a` }), Effect: 'Deny' },
    ],
    ['all but one account in place of an account', to(root), { ...to('*'), Principal: undefined, NotPrincipal: root }],
  ])('wider: %s', (_, base, head) => {
    expect(ways(queue(base), queue(head))).toMatch(/^wider/);
  });
});

describe('conditions of the template', () => {
  const where = (definition: unknown, name = 'IsProd', more = {}) =>
    template(worker([{ 'Fn::If': [name, all, { Ref: 'AWS::NoValue' }] }]), {
      Parameters: { Stage: { Type: 'String', Default: 'dev' } },
      Conditions: { [name]: definition, ...more },
    });
  const is = (stage: string) => ({ 'Fn::Equals': [{ Ref: 'Stage' }, stage] });

  test('are the same by what they say, not by their names', () => {
    expect(ways(where(is('prod')), where(is('dev')))).toBe('wider narrower');
    expect(ways(where(is('prod')), where(is('prod'), 'IsProduction'))).toBe('same');
  });

  test('say what the conditions in them say', () => {
    const both = { 'Fn::And': [{ Condition: 'A' }, is('prod')] };
    expect(ways(where(both, 'IsProd', { A: is('x') }), where(both, 'IsProd', { A: is('y') }))).toBe('wider narrower');
  });

  test('are read once each, however many ask for them, in a chain as in a circle', () => {
    const chain = (length: number, link: (next: object) => unknown, end: unknown) => ({
      ...Object.fromEntries(Array.from({ length }, (_, index) => [`C${index}`, link({ Condition: `C${index + 1}` })])),
      [`C${length}`]: end,
    });
    const twice = (end: unknown) => chain(60, (next) => ({ 'Fn::And': [next, next] }), end);
    expect(
      ways(where({ Condition: 'C0' }, 'IsProd', twice(is('x'))), where({ Condition: 'C0' }, 'IsProd', twice(is('y')))),
    ).toBe('wider narrower');
    const circle = chain(3, (next) => ({ 'Fn::Not': [next] }), { Condition: 'C0' });
    expect(ways(where({ Condition: 'C0' }, 'IsProd', circle), where({ Condition: 'C0' }, 'IsProd', circle))).toBe(
      'same',
    );
    const long = chain(5000, (next) => ({ 'Fn::Not': [next] }), is('x'));
    expect(ways(where({ Condition: 'C0' }, 'IsProd', long), where({ Condition: 'C0' }, 'IsProd', long))).toBe('same');
  });

  test('have their names in what is told', () => {
    const [found] = diffAccess(where(is('prod')), where(is('dev'))).widened;
    expect(found?.conditions).toEqual(['when IsProd']);
  });
});

describe('what cannot be judged', () => {
  const managed = (arn: string) => role([may('s3:GetObject')], { ManagedPolicyArns: [arn] });
  const open = { Effect: 'Deny', Action: 's3:GetObject', Resource: '*', Condition: { Nonsense: { k: 'a' } } };

  test('is told where it is lost, since it may have denied', () => {
    expect(ways(of(all, open), of(all))).toBe('wider');
    expect(ways(of(all), of(all, open))).toBe('narrower');
    expect(ways(of(all, open), of(open, all))).toBe('same');
  });

  test('is a policy in text with a name twice, of which AWS may read another one', () => {
    const inText = (effects: string) =>
      template({
        Logs: {
          Type: 'AWS::Logs::ResourcePolicy',
          Properties: {
            PolicyName: 'p',
            PolicyDocument: `{"Statement":[{${effects},"Principal":"*","Action":"logs:*","Resource":"*"}]}`,
          },
        },
      });
    const [denied, twice] = [inText('"Effect":"Deny"'), inText('"Effect":"Allow","Effect":"Deny"')];
    expect(ways(denied, twice)).toContain('wider');
    expect(accessMatrix(twice).entries).toMatchObject([
      { verdict: 'unknown', problem: expect.stringContaining('twice') },
    ]);
  });

  test('is told where it comes', () => {
    const unknown = template(worker([], { Role: managed('arn:aws:iam::aws:policy/NoSuchPolicy') }));
    expect(ways(of(all), unknown)).toBe('wider');
    expect(ways(unknown, of(all))).toBe('narrower');
  });
});

describe('a report of many actions', () => {
  test('shows the patterns that match them, and the names of the others', () => {
    const [base, head] = [['s3:GetObject'], ['s3:*', 'iam:PassRole', 'sqs:Send*']].map((actions) => may(actions));
    const [change] = diffAccess(template(worker([base!])), template(worker([head!]))).widened;
    expect(changed(change!)).toMatch(/^\d+ actions by s3: \*; sqs: Send\*; iam: PassRole$/);
  });

  test('names the services of a policy that AWS manages, and what changes permissions', () => {
    const properties = { ManagedPolicyArns: ['arn:aws:iam::aws:policy/SecurityAudit'] };
    const entries = accessMatrix(template({ ...worker([]), Role: role([], properties) })).entries;
    expect(entries.map(details)[0]).toMatch(/^\d+ actions and patterns in \d+ services: a4b, .*\(--json lists all\)$/);
    expect(entries.map(details)[0]!.length).toBeLessThan(4000);
    expect(entries[0]!.actions.length).toBeGreaterThan(500);
    expect(actionsInWords([...entries[0]!.actions, 'iam:PutRolePolicy'])).toMatch(
      /; of these, change permissions: .*PutRolePolicy/,
    );
  });
});
