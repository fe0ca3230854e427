import {
  type AccessPolicies,
  type AccessRequest,
  evaluate,
  type PolicyDocument,
  type Statement,
} from '../../../lib/access';
import { ACCOUNT, allow, deny, grant, policy, QUEUE, ROLE, TABLE } from './policies';

const GET: AccessRequest = { action: 'dynamodb:GetItem', resource: TABLE, context: {} };
const SEND: AccessRequest = { action: 'sqs:SendMessage', resource: QUEUE, context: {} };

function verdict(request: AccessRequest, ...statements: readonly Statement[]) {
  return evaluate(request, { identity: [policy(...statements)] }).verdict;
}

function judge(request: AccessRequest, policies: Partial<AccessPolicies>) {
  return evaluate(request, { identity: [], ...policies }).verdict;
}

describe('actions and resources', () => {
  test.each<[string, string, boolean]>([
    ['dynamodb:GetItem', 'dynamodb:GetItem', true],
    ['DynamoDB:getitem', 'dynamodb:GetItem', true],
    ['dynamodb:Get*', 'dynamodb:GetItem', true],
    ['dynamodb:?etItem', 'dynamodb:GetItem', true],
    ['dynamodb:G?', 'dynamodb:GetItem', false],
    ['dynamodb:*', 'dynamodb:GetItem', true],
    ['*', 'dynamodb:GetItem', true],
    ['dynamodb:Put*', 'dynamodb:GetItem', false],
    ['dynamodb:GetItem', 'dynamodb:GetItems', false],
  ])('the action %s matches %s: %p', (pattern, action, expected) => {
    expect(verdict({ ...GET, action }, allow(pattern))).toBe(expected ? 'allowed' : 'denied');
    expect(verdict({ ...GET, action }, { Effect: 'Allow', NotAction: pattern, Resource: '*' })).toBe(
      expected ? 'denied' : 'allowed',
    );
  });

  const s3 = 'arn:aws:s3:::bucket/a/b.txt';
  test.each<[string, string, boolean]>([
    [TABLE, TABLE, true],
    [TABLE.replace('orders', 'Orders'), TABLE, false],
    [`${TABLE}/index/*`, `${TABLE}/index/byDate`, true],
    [`${TABLE}/index/*`, TABLE, false],
    [`${TABLE}*`, `${TABLE}/index/byDate`, true],
    ['arn:aws:dynamodb:*:*:table/orders', TABLE, true],
    ['arn:aws:dynamodb:eu-*-1:*:table/orders', TABLE, true],
    ['arn:aws:dynamodb:us-*:*:table/orders', TABLE, false],
    // A wildcard within a part stays in it; one that ends a part may go beyond its colon.
    ['arn:aws:dynamodb:*1:table/orders', TABLE, false],
    ['arn:aws:dynamodb:*:table/orders', TABLE, true],
    ['arn:aws:dynamodb:*', TABLE, true],
    ['arn:aws:s3:::bucket/*', s3, true],
    ['arn:aws:s3:::bucket/?/b.txt', s3, true],
    ['arn:aws:s3:::bucket', s3, false],
    ['arn:aws:s3:::buck*', s3, true],
    ['*', s3, true],
    ['*', '*', true],
    [TABLE, '*', false],
    ['arn:aws:s3:::bucket/a.b', 'arn:aws:s3:::bucket/axb', false],
  ])('the resource %s matches %s: %p', (pattern, resource, expected) => {
    expect(verdict({ ...GET, resource }, allow('*', pattern))).toBe(expected ? 'allowed' : 'denied');
    expect(verdict({ ...GET, resource }, { Effect: 'Allow', Action: '*', NotResource: pattern })).toBe(
      expected ? 'denied' : 'allowed',
    );
  });

  test('one of several actions and resources is enough, in any statement of any policy', () => {
    const identity = [policy(allow(['s3:*', 'dynamodb:Get*'], ['arn:aws:s3:::b', TABLE])), policy(allow('sqs:*'))];
    expect(judge(GET, { identity })).toBe('allowed');
    expect(judge(SEND, { identity })).toBe('allowed');
    expect(judge({ ...GET, action: 'dynamodb:PutItem' }, { identity })).toBe('denied');
  });
});

describe('an explicit deny', () => {
  test.each<[string, Partial<AccessPolicies>]>([
    ['another statement', { identity: [policy(allow('*'), deny('dynamodb:GetItem'))] }],
    ['another policy', { identity: [policy(deny('dynamodb:*', TABLE)), policy(allow('*'))] }],
    ['the boundary', { identity: [policy(allow('*'))], boundary: policy(allow('*'), deny('dynamodb:GetItem')) }],
    [
      'the resource policy',
      {
        identity: [policy(allow('*'))],
        resourcePolicy: policy({ ...grant('*', '*'), Effect: 'Deny' }),
      },
    ],
    ['NotAction', { identity: [policy(allow('*'), { Effect: 'Deny', NotAction: 's3:*', Resource: '*' })] }],
    ['NotResource', { identity: [policy(allow('*'), { Effect: 'Deny', Action: '*', NotResource: QUEUE })] }],
  ])('of %s wins', (_, policies) => {
    expect(judge({ ...GET, principal: ROLE }, policies)).toBe('denied');
  });

  test('with a condition counts when the condition holds', () => {
    const insecure = deny('*', '*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(verdict({ ...GET, context: { 'aws:SecureTransport': false } }, allow('*'), insecure)).toBe('denied');
    expect(verdict({ ...GET, context: { 'aws:SecureTransport': true } }, allow('*'), insecure)).toBe('allowed');
    const { action, resource } = GET;
    expect(evaluate({ action, resource }, { identity: [policy(allow('*'), insecure)] })).toEqual({
      verdict: 'conditional',
      reasons: ["denied by statement 2 of identity policy 1 if aws:SecureTransport is 'false'"],
    });
  });
});

describe('a boundary', () => {
  const identity = [policy(allow('dynamodb:*'))];
  const narrow = policy(allow('dynamodb:GetItem'));
  const other = `arn:aws:sts::${ACCOUNT}:assumed-role/worker/session`;

  test('limits what identity policies allow', () => {
    expect(judge(GET, { identity, boundary: narrow })).toBe('allowed');
    expect(judge({ ...GET, action: 'dynamodb:PutItem' }, { identity, boundary: narrow })).toBe('denied');
    expect(judge(GET, { boundary: narrow })).toBe('denied');
  });

  test.each([
    ['the role', ROLE, ROLE, 'denied'],
    ['the role of a session', other, ROLE, 'denied'],
    ['the session', other, other, 'allowed'],
    ['a user', `arn:aws:iam::${ACCOUNT}:user/ann`, `arn:aws:iam::${ACCOUNT}:user/ann`, 'allowed'],
    ['everybody', ROLE, '*', 'allowed'],
  ])('and a resource policy that names %s', (_, principal, named, expected) => {
    const resourcePolicy = policy(grant({ AWS: named }, 'sqs:*'));
    expect(judge({ ...SEND, principal }, { boundary: narrow, resourcePolicy })).toBe(expected);
    expect(judge({ ...SEND, principal }, { resourcePolicy })).toBe('allowed');
  });
});

describe('a resource policy', () => {
  const service = 'sns.amazonaws.com';

  test('alone decides for a service', () => {
    const resourcePolicy = policy(grant({ Service: [service] }, 'sqs:SendMessage'));
    expect(judge({ ...SEND, principal: service }, { resourcePolicy })).toBe('allowed');
    expect(judge({ ...SEND, principal: 'events.amazonaws.com' }, { resourcePolicy })).toBe('denied');
    expect(judge({ ...SEND, principal: service }, { identity: [policy(allow('*'))] })).toBe('denied');
    expect(judge({ ...SEND, principal: service }, { resourcePolicy: policy(grant('*', '*')) })).toBe('allowed');
  });

  test('adds to identity policies within an account', () => {
    const resourcePolicy = policy(grant({ AWS: ROLE }, 'sqs:SendMessage'));
    expect(judge({ ...SEND, principal: ROLE }, { resourcePolicy })).toBe('allowed');
    expect(judge({ ...SEND, principal: ROLE }, { identity: [policy(allow('sqs:*'))] })).toBe('allowed');
    expect(judge({ ...SEND, principal: `${ROLE}2` }, { resourcePolicy })).toBe('denied');
  });

  test.each([ACCOUNT, `arn:aws:iam::${ACCOUNT}:root`])(
    'that names its own account (%s) leaves it to identity policies',
    (AWS) => {
      const resourcePolicy = policy(grant({ AWS }, 'sqs:*'));
      expect(judge({ ...SEND, principal: ROLE }, { resourcePolicy })).toBe('denied');
      expect(judge({ ...SEND, principal: ROLE }, { resourcePolicy, identity: [policy(allow('sqs:*'))] })).toBe(
        'allowed',
      );
      const denies = policy({ ...grant({ AWS }, 'sqs:*'), Effect: 'Deny' });
      expect(judge({ ...SEND, principal: ROLE }, { resourcePolicy: denies, identity: [policy(allow('*'))] })).toBe(
        'denied',
      );
    },
  );

  test.each([['222222222222'], ['arn:aws:iam::222222222222:role/worker'], ['*']])(
    'and the identity policies must both allow another account (%s)',
    (AWS) => {
      const principal = 'arn:aws:iam::222222222222:role/worker';
      const resourcePolicy = policy(grant({ AWS }, 'sqs:*'));
      const identity = [policy(allow('sqs:*'))];
      expect(judge({ ...SEND, principal }, { identity, resourcePolicy })).toBe('allowed');
      expect(judge({ ...SEND, principal }, { resourcePolicy })).toBe('denied');
      expect(judge({ ...SEND, principal }, { identity })).toBe('denied');
    },
  );

  test('tells the account of a bucket from the context', () => {
    const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', principal: ROLE };
    const identity = [policy(allow('s3:*'))];
    expect(judge({ ...request, context: {} }, { identity })).toBe('allowed');
    expect(judge({ ...request, context: { 'aws:ResourceAccount': '222222222222' } }, { identity })).toBe('denied');
  });

  test('opens a resource to somebody without credentials only by a wildcard', () => {
    expect(judge({ ...SEND, principal: '*' }, { resourcePolicy: policy(grant({ AWS: '*' }, 'sqs:*')) })).toBe(
      'allowed',
    );
    expect(judge({ ...SEND, principal: '*' }, { resourcePolicy: policy(grant({ AWS: ACCOUNT }, 'sqs:*')) })).toBe(
      'denied',
    );
  });

  test('may leave out its resource', () => {
    const { Resource: _, ...statement } = grant('*', 'sqs:SendMessage');
    expect(judge({ ...SEND, principal: ROLE }, { resourcePolicy: policy(statement) })).toBe('allowed');
  });

  test.each<[string, string, 'allowed' | 'denied']>([
    ['the named one', ROLE, 'allowed'],
    ['a session of the named one', `arn:aws:sts::${ACCOUNT}:assumed-role/worker/s`, 'allowed'],
    ['another', `arn:aws:iam::${ACCOUNT}:user/ann`, 'denied'],
  ])('denies by NotPrincipal everybody but %s', (_, principal, expected) => {
    const NotPrincipal = { AWS: [ROLE, `arn:aws:iam::${ACCOUNT}:root`] };
    const resourcePolicy = policy({ Effect: 'Deny', NotPrincipal, Action: '*', Resource: '*' });
    expect(judge({ ...SEND, principal }, { resourcePolicy, identity: [policy(allow('*'))] })).toBe(expected);
  });

  test('denies by NotPrincipal everybody with a boundary', () => {
    const resourcePolicy = policy({ Effect: 'Deny', NotPrincipal: { AWS: ROLE }, Action: '*', Resource: '*' });
    const policies = { resourcePolicy, identity: [policy(allow('*'))], boundary: policy(allow('*')) };
    expect(judge({ ...SEND, principal: ROLE }, policies)).toBe('denied');
  });

  test('of a key or a role must itself let the account in', () => {
    const key = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`;
    const decrypt = { action: 'kms:Decrypt', resource: key, principal: ROLE, context: {} };
    const identity = [policy(allow('kms:*'))];
    const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
    const other = { AWS: `arn:aws:iam::${ACCOUNT}:role/other` };
    expect(judge(decrypt, { identity, resourcePolicy: policy(grant(root, 'kms:*')) })).toBe('allowed');
    expect(judge(decrypt, { resourcePolicy: policy(grant(root, 'kms:*')) })).toBe('denied');
    expect(judge(decrypt, { identity, resourcePolicy: policy(grant(other, 'kms:*')) })).toBe('denied');
    expect(judge(decrypt, { resourcePolicy: policy(grant({ AWS: ROLE }, 'kms:Decrypt')) })).toBe('allowed');
    const assume = {
      action: 'sts:AssumeRole',
      resource: ROLE,
      principal: `arn:aws:iam::${ACCOUNT}:user/ann`,
      context: {},
    };
    const trust = policy(grant({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole'));
    expect(judge(assume, { identity: [policy(allow('*'))], resourcePolicy: trust })).toBe('denied');
    expect(judge({ ...assume, principal: 'lambda.amazonaws.com' }, { resourcePolicy: trust })).toBe('allowed');
  });

  test('is conditional for a caller that is not named, or for one session of its role', () => {
    const named = policy(grant({ Service: service }, 'sqs:*'));
    expect(evaluate(SEND, { identity: [], resourcePolicy: named })).toEqual({
      verdict: 'conditional',
      reasons: ["allowed by statement 1 of the resource policy if the caller is 'sns.amazonaws.com'"],
    });
    const session = policy(grant({ AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/s1` }, 'sqs:*'));
    expect(judge({ ...SEND, principal: ROLE }, { resourcePolicy: session })).toBe('conditional');
  });
});

describe('the root user', () => {
  const root = `arn:aws:iam::${ACCOUNT}:root`;

  test('may do everything in its account that is not denied', () => {
    expect(judge({ ...SEND, principal: root }, {})).toBe('allowed');
    const resourcePolicy = policy({ ...grant('*', '*'), Effect: 'Deny' });
    expect(judge({ ...SEND, principal: root }, { resourcePolicy })).toBe('denied');
    expect(judge({ ...SEND, principal: 'arn:aws:iam::222222222222:root' }, {})).toBe('denied');
  });
});

describe('policy variables', () => {
  const own = allow('s3:*', 'arn:aws:s3:::b/${aws:username}/*');
  const object = (name: string): AccessRequest => ({ action: 's3:GetObject', resource: `arn:aws:s3:::b/${name}/k` });

  test('take their value from the context, as it stands', () => {
    expect(verdict({ ...object('ann'), context: { 'aws:UserName': 'ann' } }, own)).toBe('allowed');
    expect(verdict({ ...object('bob'), context: { 'aws:username': 'ann' } }, own)).toBe('denied');
    expect(verdict({ ...object('bob'), context: { 'aws:username': '*' } }, own)).toBe('denied');
  });

  test('without a value match nothing, not even by negation', () => {
    expect(verdict({ ...object('ann'), context: {} }, own)).toBe('denied');
    const NotResource = 'arn:aws:s3:::b/${aws:username}/*';
    expect(verdict({ ...object('ann'), context: {} }, allow('*'), { Effect: 'Deny', Action: '*', NotResource })).toBe(
      'allowed',
    );
    const Condition = { StringNotEquals: { 's3:prefix': '${aws:username}' } };
    expect(verdict({ ...object('ann'), context: { 's3:prefix': 'x' } }, allow('*', '*', { Condition }))).toBe('denied');
  });

  test('with several values cannot be variables', () => {
    expect(verdict({ ...object('ann'), context: { 'aws:username': ['ann', 'bob'] } }, own)).toBe('denied');
  });

  test('may have a default', () => {
    const some = allow('s3:*', "arn:aws:s3:::b/${aws:username, 'anonymous'}/*");
    expect(verdict({ ...object('anonymous'), context: {} }, some)).toBe('allowed');
    expect(verdict({ ...object('anonymous'), context: { 'aws:username': 'ann' } }, some)).toBe('denied');
  });

  test('stand for wildcards and dollars themselves', () => {
    const odd = allow('s3:*', 'arn:aws:s3:::b/${*}${?}${$}/k');
    expect(verdict({ ...object('*?$'), context: {} }, odd)).toBe('allowed');
    expect(verdict({ ...object('abc'), context: {} }, odd)).toBe('denied');
  });

  test('are plain text in older versions of the language', () => {
    const old = { Version: '2008-10-17', Statement: own };
    expect(judge({ ...object('ann'), context: { 'aws:username': 'ann' } }, { identity: [old] })).toBe('denied');
    expect(judge({ ...object('${aws:username}'), context: {} }, { identity: [old] })).toBe('allowed');
  });

  test('are conditional without a context, where the rest fits', () => {
    expect(verdict(object('ann'), own)).toBe('conditional');
    expect(verdict({ ...object('ann'), resource: 'arn:aws:s3:::c/ann/k' }, own)).toBe('denied');
  });
});

test('a caller is known to conditions by its role, account and kind', () => {
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/worker/s1`;
  const only = (Condition: Statement['Condition']) => policy({ ...grant('*', 'sqs:*'), Condition });
  const role = `arn:aws:iam::${ACCOUNT}:role/worker`;
  expect(
    judge({ ...SEND, principal: session }, { resourcePolicy: only({ ArnEquals: { 'aws:PrincipalArn': role } }) }),
  ).toBe('allowed');
  const service = only({ Bool: { 'aws:PrincipalIsAWSService': 'true' } });
  expect(judge({ ...SEND, principal: session }, { resourcePolicy: service })).toBe('denied');
  expect(judge({ ...SEND, principal: 'sns.amazonaws.com' }, { resourcePolicy: service })).toBe('allowed');
});

describe('what is malformed', () => {
  const broken: readonly [string, unknown, string][] = [
    ['no policy', null, "it is not a policy with a 'Statement'"],
    ['no statement', { Version: '2012-10-17' }, "it is not a policy with a 'Statement'"],
    ['a statement that is none', { Statement: [null] }, 'it is not an object'],
    ['no effect', { Statement: [{ Action: '*', Resource: '*' }] }, "'Effect' must be Allow or Deny"],
    ['no action', { Statement: { Effect: 'Allow', Resource: '*' } }, "exactly one of 'Action' and 'NotAction'"],
    ['both actions', { Statement: { Effect: 'Allow', Action: '*', NotAction: '*', Resource: '*' } }, 'exactly one of'],
    ['no resource', { Statement: { Effect: 'Allow', Action: '*' } }, "'Resource' is missing"],
    [
      'both resources',
      { Statement: { Effect: 'Allow', Action: '*', Resource: '*', NotResource: '*' } },
      'exclude each other',
    ],
    [
      'a principal',
      { Statement: { Effect: 'Allow', Action: '*', Resource: '*', Principal: '*' } },
      "must not have a 'Principal'",
    ],
    [
      'an action that is no text',
      { Statement: { Effect: 'Allow', Action: [{ Ref: 'X' }], Resource: '*' } },
      "'Action' must be a string",
    ],
    [
      'a resource that is no text',
      { Statement: { Effect: 'Allow', Action: '*', Resource: { Ref: 'X' } } },
      "'Resource' must be a string",
    ],
    [
      'a condition that is none',
      { Statement: { ...allow('*'), Condition: { StringEquals: 'x' } } },
      "'Condition' must map",
    ],
    ['an unknown version', { Version: '2012-10-18', Statement: allow('*') }, "no version '2012-10-18'"],
  ];

  test.each(broken)('refuses to judge a policy with %s', (_, document, message) => {
    const decision = evaluate(GET, { identity: [document as PolicyDocument] });
    expect(decision.verdict).toBe('unknown');
    expect(decision.reasons.join()).toContain(message);
  });

  test('refuses to judge a resource policy without a principal, or with one that is none', () => {
    expect(judge({ ...SEND, principal: ROLE }, { resourcePolicy: policy(allow('*')) })).toBe('unknown');
    const odd = policy({ ...allow('*'), Principal: 'ann' as '*' });
    expect(judge({ ...SEND, principal: ROLE }, { resourcePolicy: odd })).toBe('unknown');
  });

  test('does not hide an explicit deny, and does not pass', () => {
    const bad = { Statement: [{ Action: '*', Resource: '*' }] } as unknown as PolicyDocument;
    expect(judge(GET, { identity: [bad, policy(deny('*'))] })).toBe('denied');
    expect(judge(GET, { identity: [bad, policy(allow('*'))] })).toBe('unknown');
  });
});

test('says what decided', () => {
  const identity = [policy(allow('sqs:*', QUEUE, { Sid: 'Send' })), policy(deny('sqs:Purge*', '*', { Sid: 'Keep' }))];
  expect(evaluate(SEND, { identity }).reasons).toEqual(["allowed by statement 'Send' of identity policy 1"]);
  expect(evaluate({ ...SEND, action: 'sqs:PurgeQueue' }, { identity }).reasons).toEqual([
    "denied by statement 'Keep' of identity policy 2",
  ]);
  expect(evaluate(GET, { identity }).reasons).toEqual([`dynamodb:GetItem on ${TABLE}: no policy allows it`]);
});
