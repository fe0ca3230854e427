import fc from 'fast-check';
import { diffAccess, evaluate, type Statement } from '../../lib/access';
import { policy } from '../core/iam/policies';
import { document, template } from './templates';

const [OWN, OTHER] = ['111111111111', '222222222222'];
const rule = (name: string) => `arn:aws:events:eu-west-1:${OWN}:rule/${name}`;
const role = (account: string) => `arn:aws:iam::${account}:role/r`;

const principal = fc.constantFrom<NonNullable<Statement['Principal']>>(
  '*',
  { AWS: OWN },
  { AWS: `arn:aws:iam::${OWN}:root` },
  { AWS: role(OWN) },
  { AWS: [OWN, OTHER] },
  { AWS: role(OTHER) },
  { Service: 'events.amazonaws.com' },
  { Service: ['sns.amazonaws.com', 'events.amazonaws.com'] },
);
const condition = fc.constantFrom<Statement['Condition']>(
  undefined,
  undefined,
  { ArnLike: { 'aws:SourceArn': rule('a') } },
  { ArnLike: { 'aws:SourceArn': rule('*') } },
  { StringEquals: { 'aws:PrincipalAccount': OWN } },
  { StringEqualsIfExists: { 'aws:SourceAccount': OWN } },
  { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/*` } },
  { Bool: { 'aws:PrincipalIsAWSService': 'true' } },
);
const statement = fc
  .record({
    Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Allow', 'Deny'),
    Principal: principal,
    Action: fc.constantFrom('sqs:SendMessage', 'sqs:*'),
    Condition: condition,
  })
  .map(({ Condition, ...rest }): Statement => ({ ...rest, Resource: '*', ...(Condition && { Condition }) }));
const statements = fc.array(statement, { minLength: 1, maxLength: 2 });
const pair = fc
  .tuple(statements, statements, principal, fc.constantFrom('other', 'principal', 'more'))
  .map(([base, other, Principal, change]): [Statement[], Statement[]] => {
    if (change === 'other') return [base, other];
    return [base, change === 'more' ? [...base, ...other] : [{ ...base[0]!, Principal }, ...base.slice(1)]];
  });

const callers = [
  '*',
  role(OWN),
  `arn:aws:iam::${OWN}:user/u`,
  role(OTHER),
  'events.amazonaws.com',
  'sns.amazonaws.com',
];
const contexts = [
  {},
  { 'aws:SourceArn': rule('a') },
  { 'aws:SourceArn': rule('b'), 'aws:SourceAccount': OWN },
  { 'aws:SourceAccount': OTHER },
];
// The queue is in another account, so that its policy alone decides.
const resource = 'arn:aws:sqs:eu-west-1:999999999999:q';

function allowed(all: readonly Statement[]): ReadonlySet<string> {
  const policies = {
    identity: [policy({ Effect: 'Allow', Action: '*', Resource: '*' })],
    resourcePolicy: policy(...all),
  };
  const requests = callers.flatMap((caller) => contexts.map((context) => ({ caller, context })));
  const passing = requests.filter(
    ({ caller, context }) =>
      evaluate({ action: 'sqs:SendMessage', resource, principal: caller, context }, policies).verdict === 'allowed',
  );
  return new Set(passing.map((request) => JSON.stringify(request)));
}

function model(all: readonly Statement[]) {
  const Properties = { Queues: [{ Ref: 'Queue' }], PolicyDocument: document(...all) };
  return template({
    Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
    Policy: { Type: 'AWS::SQS::QueuePolicy', Properties },
  });
}

test('every caller who may use a resource now and could not before is reported', () => {
  let [wider, silent] = [0, 0];
  fc.assert(
    fc.property(pair, ([base, head]) => {
      const [before, after] = [allowed(base), allowed(head)];
      const { widened } = diffAccess(model(base), model(head));
      const gained = [...after].filter((request) => !before.has(request));
      if (gained.length > 0) wider++;
      if (widened.length === 0) {
        silent++;
        expect(gained).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
  expect(Math.min(wider, silent)).toBeGreaterThan(5);
});
