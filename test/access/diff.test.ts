import { type AccessChange, diffAccess } from '../../lib/access';
import type { Model } from '../../lib/core/model/model';
import { document, getAtt, may, role, template, worker } from './templates';

const table = getAtt('Table');

/** Changes as lines: `+ Shop/Table dynamodb:PutItem (granted)`. */
function diff(base: Model, head: Model): string[] {
  const { widened, narrowed } = diffAccess(base, head);
  const line =
    (sign: string) =>
    ({ principal, resource, actions, allBut, reason, conditions, problem }: AccessChange) =>
      `${sign} ${principal.name} ${resource} ${allBut ? 'all but ' : ''}${actions.length > 9 ? 'many actions' : actions.join(' ')} (${reason})${[...conditions, ...(problem ? [problem] : [])].map((one) => `; ${one}`).join('')}`;
  return [...widened.map(line('+')), ...narrowed.map(line('-'))];
}

const withRole = (...statements: object[]) => template(worker(statements));
const GET = may('dynamodb:GetItem', table);
const PUT = may('dynamodb:PutItem', table);

describe('no change', () => {
  test.each<[string, object[], object[]]>([
    ['a statement split in two', [may(['dynamodb:GetItem', 'dynamodb:PutItem'], table)], [GET, PUT]],
    ['statements put together', [GET, PUT], [may(['dynamodb:PutItem', 'dynamodb:GetItem'], table)]],
    ['another order', [GET, PUT], [PUT, GET]],
    ['another spelling', [GET], [may('DYNAMODB:getitem', table)]],
    ['a statement that another one includes', [may('dynamodb:*', table)], [may('dynamodb:*', table), GET]],
    ['wildcards for the same actions', [may('sqs:SendMessage')], [may('sqs:Send*')]],
    [
      'the same deny for a wider set',
      [may('sqs:*'), { Effect: 'Deny', Action: 'sqs:*', Resource: '*' }],
      [{ Effect: 'Deny', Action: 'sqs:*', Resource: '*' }],
    ],
    [
      'a condition with its values in another order',
      [may('s3:Get*', '*', { Condition: { StringLike: { 's3:prefix': ['a', 'b'] } } })],
      [may('s3:Get*', '*', { Condition: { StringLike: { 's3:prefix': ['b', 'a'] } } })],
    ],
    ['a deny for something that was never allowed', [GET, { Effect: 'Deny', Action: 'sqs:*', Resource: '*' }], [GET]],
  ])('is %s', (_, base, head) => {
    expect(diff(withRole(...base), withRole(...head))).toEqual([]);
  });

  test('is another logical id of the same construct', () => {
    const cdk = (id: string) => {
      const metadata = { 'aws:cdk:path': 'Shop/Orders/Resource' };
      return template({
        ...worker([may('dynamodb:GetItem', getAtt(id))]),
        [id]: { Type: 'AWS::DynamoDB::Table', Properties: {}, Metadata: metadata },
      });
    };
    expect(diff(cdk('Orders1234'), cdk('Orders5678'))).toEqual([]);
  });

  test('is a boundary that cannot be judged, over what was allowed without one', () => {
    const under = (PermissionsBoundary?: string) =>
      template({ Role: role([may('s3:*')], PermissionsBoundary === undefined ? {} : { PermissionsBoundary }) });
    const limited = under('arn:aws:iam::aws:policy/SomethingOfAws');
    expect(diffAccess(under(), limited).widened).toEqual([]);
    expect(diffAccess(limited, under()).widened).toHaveLength(1);
    const other = template({
      Role: role([may('sqs:*')], { PermissionsBoundary: 'arn:aws:iam::aws:policy/SomethingOfAws' }),
    });
    expect(diffAccess(under(), other).widened).toHaveLength(1);
  });

  test('is another division of statements under a boundary that cannot be judged', () => {
    const bounded = (...statements: object[]) =>
      template(
        worker([], { Role: role(statements, { PermissionsBoundary: 'arn:aws:iam::111122223333:policy/edge' }) }),
      );
    const together = bounded(may(['dynamodb:PutItem', 'dynamodb:GetItem'], table));
    expect(diff(bounded(GET, PUT), together)).toEqual([]);
    expect(diff(together, bounded(PUT, GET))).toEqual([]);
    expect(diff(bounded(GET), together)).toEqual([
      expect.stringContaining('+ Shop/Fn Shop/Table dynamodb:PutItem (unknown); the boundary cannot be judged'),
    ]);
  });

  test('is an inline policy that becomes a managed one', () => {
    const managed = {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: document(GET), Roles: [{ Ref: 'Role' }] },
    };
    expect(diff(withRole(GET), template(worker([], { Managed: managed })))).toEqual([]);
  });
});

describe('widening', () => {
  test.each<[string, object[], object[], string]>([
    ['an action', [GET], [GET, PUT], '+ Shop/Fn Shop/Table dynamodb:PutItem (granted)'],
    ['a wildcard', [GET], [may('dynamodb:*', table)], '+ Shop/Fn Shop/Table many actions (granted)'],
    [
      'a resource',
      [GET],
      [GET, may('dynamodb:GetItem', { 'Fn::Sub': '${Table.Arn}/index/*' })],
      '+ Shop/Fn Shop/Table/index/* dynamodb:GetItem (granted)',
    ],
    ['a wider resource', [GET], [may('dynamodb:GetItem')], '+ Shop/Fn * dynamodb:GetItem (granted)'],
    [
      'a condition that fell away',
      [may('s3:GetObject', '*', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
      [may('s3:GetObject')],
      '+ Shop/Fn * s3:GetObject (condition)',
    ],
    [
      'a condition with one more value',
      [may('s3:GetObject', '*', { Condition: { StringEquals: { k: ['a'] } } })],
      [may('s3:GetObject', '*', { Condition: { StringEquals: { k: ['a', 'b'] } } })],
      "+ Shop/Fn * s3:GetObject (condition); k is 'a' or 'b'",
    ],
    [
      'a negated condition with one value less',
      [may('s3:GetObject', '*', { Condition: { StringNotEquals: { k: ['a', 'b'] } } })],
      [may('s3:GetObject', '*', { Condition: { StringNotEquals: { k: ['a'] } } })],
      "+ Shop/Fn * s3:GetObject (condition); k is not 'a'",
    ],
    [
      'a deny that fell away',
      [may('sqs:*'), { Effect: 'Deny', Action: 'sqs:PurgeQueue', Resource: '*' }],
      [may('sqs:*')],
      '+ Shop/Fn * sqs:PurgeQueue (deny)',
    ],
    [
      'a deny for one resource that fell away',
      [may('sqs:*'), { Effect: 'Deny', Action: 'sqs:PurgeQueue', Resource: getAtt('Queue') }],
      [may('sqs:*')],
      '+ Shop/Fn Shop/Queue sqs:PurgeQueue (deny)',
    ],
    [
      'a deny under a condition that fell away',
      [
        may('sqs:SendMessage'),
        { Effect: 'Deny', Action: 'sqs:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ],
      [may('sqs:SendMessage')],
      '+ Shop/Fn * sqs:SendMessage (deny)',
    ],
    [
      'a deny that now has a condition',
      [may('sqs:SendMessage'), { Effect: 'Deny', Action: 'sqs:*', Resource: getAtt('Queue') }],
      [
        may('sqs:SendMessage'),
        { Effect: 'Deny', Action: 'sqs:*', Resource: getAtt('Queue'), Condition: { Bool: { b: 'true' } } },
      ],
      '+ Shop/Fn Shop/Queue sqs:SendMessage (deny)',
    ],
    [
      'fewer actions left out',
      [{ Effect: 'Allow', NotAction: ['iam:*', 'kms:Decrypt'], Resource: '*' }],
      [{ Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' }],
      '+ Shop/Fn * kms:Decrypt (granted)',
    ],
    [
      'fewer resources left out',
      [{ Effect: 'Allow', Action: 'sqs:SendMessage', NotResource: getAtt('Queue') }],
      [may('sqs:SendMessage')],
      '+ Shop/Fn * sqs:SendMessage (granted)',
    ],
  ])('is %s; the other way round it narrows', (_, base, head, expected) => {
    expect(diff(withRole(...base), withRole(...head))).toEqual([expected]);
    const [, ...words] = expected.replace('(granted)', '(revoked)').split('');
    const [found] = diff(withRole(...head), withRole(...base));
    expect(found?.startsWith('- ')).toBe(true);
    if (!expected.includes('condition') && !expected.includes('NotEquals')) expect(found).toBe(`-${words.join('')}`);
  });

  test('is a new principal, and a principal that is gone narrows', () => {
    const two = template(
      worker([GET], { Second: { Type: 'AWS::Lambda::Function', Properties: { Role: getAtt('Role') } } }),
    );
    expect(diff(withRole(GET), two)).toEqual(['+ Shop/Second Shop/Table dynamodb:GetItem (new principal)']);
    expect(diff(two, withRole(GET))).toEqual(['- Shop/Second Shop/Table dynamodb:GetItem (principal gone)']);
  });

  test('is a boundary that fell away', () => {
    const boundary = {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: document(may('dynamodb:GetItem')) },
    };
    const bounded = template(
      worker([], {
        Role: role([may(['dynamodb:GetItem', 'dynamodb:PutItem'], table)], { PermissionsBoundary: { Ref: 'B' } }),
        B: boundary,
      }),
    );
    expect(diff(bounded, template(worker([may(['dynamodb:GetItem', 'dynamodb:PutItem'], table)])))).toEqual([
      '+ Shop/Fn Shop/Table dynamodb:PutItem (granted)',
    ]);
  });

  test('is somebody new who may invoke a function', () => {
    const open = {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: { Ref: 'Fn' }, Action: 'lambda:InvokeFunction', Principal: '*' },
    };
    expect(diff(withRole(), template(worker([], { Open: open })))).toEqual([
      '+ * Shop/Fn lambda:InvokeFunction (new principal)',
    ]);
  });

  test('is a deny for everybody that a queue has lost, but not one that went with its queue', () => {
    const tls = {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    const policy = {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: document(tls) },
    };
    const { Queue: _, ...none } = worker([]);
    expect(diff(template(worker([], { Policy: policy })), withRole())).toEqual([
      "+ * Shop/Queue sqs:* (deny); aws:SecureTransport is 'false'",
    ]);
    expect(diff(template(worker([], { Policy: policy })), template(none))).toEqual([]);
  });

  test('is the trust of another account in a role', () => {
    const trusting = (account: string) =>
      template({
        R: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: document({
              Effect: 'Allow',
              Principal: { AWS: account },
              Action: 'sts:AssumeRole',
            }),
          },
        },
      });
    expect(diff(trusting('111111111111'), trusting('222222222222'))).toEqual([
      '+ 222222222222 Shop/R sts:AssumeRole (new principal)',
      '- 111111111111 Shop/R sts:AssumeRole (principal gone)',
    ]);
  });

  test('is a policy that cannot be judged', () => {
    const unknown = template(
      worker([GET], { Role: role([GET], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/BrandNewAccess'] }) }),
    );
    expect(diff(withRole(GET), unknown)).toEqual([
      "+ Shop/Fn *  (unknown); the AWS-managed policy 'BrandNewAccess' is not known here",
    ]);
    expect(diff(unknown, unknown)).toEqual([]);
  });

  test('is a grant that no longer depends on a condition of the template', () => {
    const conditional = { 'Fn::If': ['IsProd', GET, { Ref: 'AWS::NoValue' }] };
    const base = template(worker([conditional]), {
      Parameters: { S: { Type: 'String' } },
      Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'S' }, 'p'] } },
    });
    expect(diff(base, withRole(GET))).toEqual(['+ Shop/Fn Shop/Table dynamodb:GetItem (condition)']);
  });
});

test('nearly everything is said by what is left out', () => {
  const all = withRole(may('*'), { Effect: 'Deny', Action: ['sqs:*', 'iam:*'], Resource: '*' });
  expect(diff(withRole(), all)).toEqual(['+ Shop/Fn * all but iam:* sqs:* (granted)']);
  expect(diff(withRole(may('s3:GetObject')), all)).toEqual(['+ Shop/Fn * all but iam:* s3:GetObject sqs:* (granted)']);
});

test('a wildcard in place of exact actions tells the pattern that means them', () => {
  const [change] = diffAccess(withRole(GET), withRole(may('dynamodb:*', table))).widened;
  expect(change?.patterns).toEqual(['dynamodb:*']);
  expect(change?.actions).not.toContain('dynamodb:GetItem');
});

test('many functions and queue policies are compared in little time', () => {
  const many = (condition: object) =>
    template(
      Object.fromEntries(
        Array.from({ length: 200 }, (_, index) => index).flatMap((index) => {
          const queue = getAtt(`Queue${index}`);
          const send = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' };
          const statement = { ...send, Resource: queue, Condition: condition };
          return [
            [`Fn${index}`, { Type: 'AWS::Lambda::Function', Properties: { Role: getAtt(`Role${index}`) } }],
            [`Role${index}`, role([may('sqs:ReceiveMessage', queue)])],
            [`Queue${index}`, { Type: 'AWS::SQS::Queue', Properties: {} }],
            [
              `Policy${index}`,
              {
                Type: 'AWS::SQS::QueuePolicy',
                Properties: { Queues: [{ Ref: `Queue${index}` }], PolicyDocument: document(statement) },
              },
            ],
          ];
        }),
      ),
    );
  const [base, head] = [many({}), many({ StringEquals: { 'aws:SourceAccount': '111111111111' } })];
  const started = performance.now();
  const { widened, narrowed } = diffAccess(base, head);
  expect([widened.length, narrowed.length]).toEqual([0, 200]);
  expect(performance.now() - started).toBeLessThan(5_000);
});
