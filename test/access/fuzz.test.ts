import fc from 'fast-check';
import { accessMatrix, diffAccess, evaluate, type PolicyDocument } from '../../lib/access';
import type { Model } from '../../lib/core/model/model';
import { ReadError } from '../../lib/core/model';
import { document, getAtt, role, template, worker } from './templates';

const leaf = fc.oneof(
  fc.constantFrom<unknown>('*', 'sqs:*', 'sqs:SendMessage', 'Allow', 'Deny', 'x', '', 0, true, null, [], {}),
  fc.constantFrom<unknown>(getAtt('Queue'), { Ref: 'Role' }, { Ref: 'P' }, { 'Fn::Sub': '${Queue.Arn}/${P}' }),
  fc.constantFrom<unknown>({ 'Fn::If': ['C', 'sqs:*', { Ref: 'AWS::NoValue' }] }, { 'Fn::ImportValue': 'gone' }),
  fc.constantFrom<unknown>(
    'arn:aws:sqs:*:*:q?',
    '${aws:username}',
    "${x, 'y'}",
    '${',
    'arn:aws:iam::1:root',
    '[',
    '\\',
  ),
);
const value = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('AWS', 'Service', 'k:v', 'a'), leaf),
);
const conditions = fc.dictionary(
  fc.constantFrom('StringEquals', 'ForAllValues:StringLike', 'Bool', 'Nonsense', 'ArnLikeIfExists', 'IpAddress'),
  fc.oneof(fc.dictionary(fc.constantFrom('aws:SourceArn', 'k'), value), leaf),
);
const statement = fc.oneof(
  fc.record(
    {
      Sid: leaf,
      Effect: fc.oneof(fc.constantFrom('Allow', 'Deny'), leaf),
      Action: value,
      NotAction: value,
      Resource: value,
      NotResource: value,
      Principal: value,
      NotPrincipal: value,
      Condition: fc.oneof(conditions, leaf),
    },
    { requiredKeys: [] },
  ),
  leaf,
);
const policy = fc.oneof(
  fc.record({
    Version: fc.oneof(fc.constant('2012-10-17'), leaf),
    Statement: fc.oneof(fc.array(statement, { maxLength: 3 }), statement),
  }),
  leaf,
);

function model(identity: unknown, resource: unknown, permission: unknown): Model | undefined {
  const resources = worker([], {
    Role: role([], { Policies: [{ PolicyName: 'p', PolicyDocument: identity }], PermissionsBoundary: permission }),
    Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: resource } },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: resource } },
    Logs: { Type: 'AWS::Logs::ResourcePolicy', Properties: { PolicyDocument: identity } },
    Bus: { Type: 'AWS::Events::EventBusPolicy', Properties: { Statement: resource } },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: permission, Principal: permission, SourceArn: permission },
    },
  });
  const rest = { Parameters: { P: { Type: 'String' } }, Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] } } };
  try {
    return template(resources, rest);
  } catch (error) {
    if (error instanceof ReadError) return undefined;
    throw error;
  }
}

test('no policy, however malformed, makes the matrix, the diff or the evaluator fail', () => {
  fc.assert(
    fc.property(policy, policy, leaf, leaf, (identity, resource, permission, other) => {
      const [base, head] = [model(identity, resource, permission), model(resource, identity, other)];
      for (const one of [base, head]) if (one) expect(accessMatrix(one)).toEqual(accessMatrix(one));
      if (base && head) diffAccess(base, head);
      if (base) expect(diffAccess(base, base)).toEqual({ widened: [], narrowed: [], platform: [] });
      const [own, theirs] = [identity as PolicyDocument, resource as PolicyDocument];
      const principal = 'arn:aws:iam::111111111111:role/r';
      evaluate(
        { action: 'sqs:SendMessage', resource: '*', principal, context: {} },
        { identity: [own], resourcePolicy: theirs },
      );
      evaluate({ action: 'sqs:SendMessage', resource: '*' }, { identity: [own], boundary: theirs });
    }),
    { numRuns: 100 },
  );
});

test('what cannot be read is shown as unknown', () => {
  const broken = model({ Ref: 'P' }, document({ Effect: 'Perhaps' }), { Ref: 'P' });
  const verdicts = accessMatrix(broken!).entries.map(({ verdict }) => verdict);
  expect(new Set(verdicts)).toEqual(new Set(['unknown']));
});
