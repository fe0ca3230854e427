import { accessPaths } from '../../lib/access';
import { document, getAtt, may, role, template, TRUST } from './templates';

type Json = Readonly<Record<string, unknown>>;

/** Paths as lines: `Shop/A: assumes Shop/B (sts:AssumeRole) > Shop/B`. */
function paths(resources: Json): string[] {
  return accessPaths(template(resources)).map(({ principal, steps, end }) => {
    const told = steps.map(
      ({ does, actions, conditions }) =>
        `${does} (${actions.join(' ')})${conditions.map((one) => ` if ${one}`).join('')}`,
    );
    return `${principal.name}: ${told.join(', ')} > ${end?.name ?? 'every permission'}`;
  });
}

const ADMIN = [may('*')];
const trusting = (Principal: unknown) => ({
  AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }),
});
const ROOT = { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } };

test('a role that may be passed to a new function', () => {
  const deployer = role([
    may('iam:PassRole', getAtt('Admin')),
    may(['lambda:CreateFunction', 'lambda:InvokeFunction']),
  ]);
  expect(paths({ Deployer: deployer, Admin: role(ADMIN) })).toEqual([
    'Shop/Deployer: passes Shop/Admin to a new function (iam:PassRole lambda:CreateFunction lambda:InvokeFunction) > every permission',
  ]);
});

test.each<[string, object[], Json]>([
  ['nothing to start', [may('iam:PassRole', getAtt('Admin')), may('lambda:CreateFunction')], {}],
  ['a role for another service', [may('iam:PassRole', getAtt('Admin')), may('ec2:RunInstances')], {}],
  ['a role that is not its', [may('iam:PassRole', getAtt('Deployer')), may('lambda:*')], { Code: 0 }],
  [
    'another service that it may be passed to',
    [
      may('iam:PassRole', getAtt('Admin'), {
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      }),
      may(['lambda:CreateFunction', 'lambda:InvokeFunction']),
    ],
    {},
  ],
])('no path with %s', (_, statements) => {
  expect(paths({ Deployer: role(statements), Admin: role(ADMIN) })).toEqual([]);
});

test('a role that may be passed whatever its name', () => {
  const deployer = role([may(['iam:PassRole', 'ec2:RunInstances'])]);
  expect(paths({ Deployer: deployer })).toEqual([
    'Shop/Deployer: passes any role that trusts ec2.amazonaws.com to a new instance (iam:PassRole ec2:RunInstances) > every permission',
  ]);
});

test('roles that are assumed one after the other', () => {
  const found = paths({
    A: role([may('sts:AssumeRole', getAtt('B'))]),
    B: role([may('sts:AssumeRole', getAtt('C'))], trusting(ROOT)),
    C: role(ADMIN, trusting({ AWS: getAtt('B') })),
  });
  expect(found).toEqual([
    'Shop/A: assumes Shop/B (sts:AssumeRole), assumes Shop/C (sts:AssumeRole) > every permission',
    'Shop/A: assumes Shop/B (sts:AssumeRole) > Shop/B',
    'Shop/B: assumes Shop/C (sts:AssumeRole) > every permission',
  ]);
});

test('a role that does not trust is not assumed, and a condition of the trust is told', () => {
  const a = role([may('sts:AssumeRole')]);
  expect(paths({ A: a, B: role(ADMIN) })).toEqual([]);
  const mfa = document({
    Effect: 'Allow',
    Principal: ROOT,
    Action: 'sts:AssumeRole',
    Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  });
  expect(paths({ A: a, B: role(ADMIN, { AssumeRolePolicyDocument: mfa }) })).toEqual([
    "Shop/A: assumes Shop/B (sts:AssumeRole) if aws:MultiFactorAuthPresent is 'true' > every permission",
  ]);
});

test.each<[string, string, string, string]>([
  ['its own policies', 'iam:PutRolePolicy', 'A', 'writes a policy into Shop/A'],
  ['policies that it attaches to itself', 'iam:AttachRolePolicy', 'A', 'attaches a policy to Shop/A'],
])('%s', (_, action, on, does) => {
  const policy = {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyDocument: document(may(action, getAtt(on))), Roles: [{ Ref: 'A' }] },
  };
  expect(paths({ A: role([]), Policy: policy })).toEqual([`Shop/A: ${does} (${action}) > every permission`]);
});

test.each(['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'])('%s of a policy that it has', (action) => {
  const managed = (Roles: unknown[]) => ({
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { PolicyDocument: document(may(action, '*')), Roles },
  });
  expect(paths({ A: role([]), Policy: managed([{ Ref: 'A' }]) })).toHaveLength(1);
  expect(
    paths({
      A: role([may(action)]),
      Policy: { ...managed([]), Properties: { PolicyDocument: document(may('sqs:*')) } },
    }),
  ).toEqual([]);
});

test('the code of a function whose role may more', () => {
  const found = paths({
    A: role([may('lambda:UpdateFunctionCode', getAtt('Fn')), may('sqs:SendMessage')]),
    Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: getAtt('FnRole') } },
    FnRole: role([may('dynamodb:DeleteTable')]),
    Less: { Type: 'AWS::Lambda::Function', Properties: { Role: getAtt('LessRole') } },
    LessRole: role([may('sqs:SendMessage')]),
  });
  expect(found).toEqual(['Shop/A: replaces the code of Shop/Fn (lambda:UpdateFunctionCode) > Shop/Fn']);
});

test('a deny closes a path, and one under a condition is told', () => {
  const deny = (rest: Json) => ({ Effect: 'Deny', Action: 'iam:PutRolePolicy', Resource: '*', ...rest });
  const condition = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } };
  expect(paths({ A: role([may('iam:PutRolePolicy'), deny({})]) })).toEqual([]);
  expect(paths({ A: role([may('iam:PutRolePolicy'), deny(condition)]) })).toEqual([
    'Shop/A: writes a policy into Shop/A (iam:PutRolePolicy) if it is not denied by Shop/A (p) > every permission',
  ]);
});

test('who may do everything anyway needs no path', () => {
  expect(paths({ A: role(ADMIN), B: role(ADMIN, { AssumeRolePolicyDocument: TRUST }) })).toEqual([]);
});
