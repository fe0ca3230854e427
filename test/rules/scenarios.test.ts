import { readTemplate } from '../../lib/core/model/read-template';
import { judge } from '../../lib/rules/judge';
import { each, type Rule } from '../../lib/rules/rule';
import { RULES } from '../../lib/rules/rules/registry';

const HEAD = `
Parameters: { Stage: { Type: String } }
Conditions: { IsProd: !Equals [!Ref Stage, prod], IsTest: !Not [Condition: IsProd] }
Resources:
`;

function found(resources: string, ...ids: string[]): string[] {
  const rules = RULES.filter(({ id }) => ids.includes(id));
  const { findings, failures } = judge(readTemplate(`${HEAD}${resources}`, { name: 'T' }), { rules });
  expect(failures).toEqual([]);
  return findings.map(({ resource, message }) => `${resource}: ${message}`);
}

const fn = (name: string, condition: string, more = '') =>
  `  ${name}: { Type: AWS::Lambda::Function, ${condition ? `Condition: ${condition},` : ''} Properties: { Timeout: 30, ${more} } }\n`;
const mapping = (name: string, condition: string, source: string, target: string) =>
  `  ${name}: { Type: AWS::Lambda::EventSourceMapping, Condition: ${condition}, Properties: { EventSourceArn: !GetAtt ${source}.Arn, FunctionName: !Ref ${target} } }\n`;

test('resources that never exist together are not held against each other', () => {
  const twins = (second: string) =>
    found(
      `${fn('Slow', 'IsTest', 'Timeout: 300').replace('Timeout: 30, ', '')}${fn('Fast', 'IsProd')}
  Queue: { Type: AWS::SQS::Queue, Condition: IsProd, Properties: { VisibilityTimeout: 180 } }
${mapping('SlowMapping', second, 'Queue', 'Slow')}`,
      'QueueVisibilityTimeout',
    );
  expect(twins('IsTest')).toEqual([]);
});

test('what exists only elsewhere excuses nothing, and the message says where it is missing', () => {
  const group = (condition: string) => `${fn('Fn', '', 'FunctionName: fn')}
  Logs: { Type: AWS::Logs::LogGroup, ${condition} Properties: { LogGroupName: /aws/lambda/fn, RetentionInDays: 30 } }
`;
  expect(found(group(''), 'FunctionLogGroup')).toEqual([]);
  expect(found(group('Condition: IsTest,'), 'FunctionLogGroup')).toEqual([
    expect.stringMatching(/^Fn: writes to a log group that is not in the template when IsProd$/),
  ]);
});

test('a choice that a resource depends on too is decided, and told as before', () => {
  const delay: Rule = {
    id: 'Delay',
    severity: 'error',
    title: 't',
    why: 'w',
    fix: 'f',
    source: 's',
    check: each(['AWS::SQS::Queue'], function* (resource) {
      if (resource.properties.DelaySeconds === 0) yield { resource, message: 'does not wait' };
    }),
  };
  const template = `${HEAD}
  Queue: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !If [IsTest, 0, 10] } }
  Always: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 0 } }
  Prod: { Type: AWS::SQS::Queue, Condition: IsProd, Properties: { DelaySeconds: 0 } }
`;
  const model = readTemplate(template, { name: 'T', file: 't.yaml' });
  const { findings } = judge(model, { rules: [delay] });
  expect(findings.map(({ resource, message }) => `${resource} ${message}`)).toEqual([
    'Queue does not wait when IsTest',
    'Always does not wait',
    'Prod does not wait',
  ]);
  expect(findings[0]!.location?.line).toBe(6);
});

test('a setting beside the one that is judged is decided in each scenario, not taken for its default', () => {
  const queue = `
  Queue: { Type: AWS::SQS::Queue, Properties: { FifoQueue: !If [IsProd, true, !Ref 'AWS::NoValue'], QueueName: jobs } }
`;
  expect(found(queue, 'FifoSettings')).toEqual([expect.stringMatching(/^Queue: .*jobs.* when IsProd$/)]);
});

test('what is said of a parameter or an output, which is no resource, is said once in every scenario', () => {
  const model = readTemplate(`${HEAD}${fn('Fn', 'IsProd')}`, { name: 'T' });
  const [known] = [...model.resources.values()];
  const ofParameter: Rule = {
    id: 'OfParameter',
    severity: 'warning',
    title: 'A',
    why: 'A.',
    fix: 'a',
    source: 'https://docs.aws.amazon.com/',
    check: () => [{ resource: { ...known!, id: 'T/Stage', logicalId: 'Parameter Stage' }, message: 'is not used' }],
  };
  const { findings, failures } = judge(model, { rules: [ofParameter] });
  expect([findings.map(({ resource, message }) => `${resource}: ${message}`), failures]).toEqual([
    ['Parameter Stage: is not used'],
    [],
  ]);
});

test('what a parameter may be is judged one value at a time, also where policies are read', () => {
  const template = (action: string, parameter: string) => `
Parameters: { Stage: { Type: String, ${parameter} } }
Mappings: { Actions: { dev: { queue: 'sqs:*' }, prod: { queue: 'sqs:SendMessage' } } }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 180 } }
  Fn: { Type: AWS::Lambda::Function, Properties: { Timeout: 30, Role: !GetAtt Role.Arn } }
  Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Fn } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: 'sts:AssumeRole', Principal: { Service: lambda.amazonaws.com } }] }
      Policies: [{ PolicyName: P, PolicyDocument: { Statement: [{ Effect: Allow, Resource: '*', Action: ${action} }] } }]
`;
  const said = (action: string, parameter = '') => {
    const rules = RULES.filter(({ id }) => id === 'MappingSourcePermission');
    return judge(readTemplate(template(action, parameter), { name: 'T' }), { rules }).findings.map(
      ({ message }) => message,
    );
  };
  expect(said('!FindInMap [Actions, !Ref Stage, queue]')).toEqual([
    expect.stringMatching(/lacks .* when Stage is 'prod'$/),
  ]);
  expect(said('!Sub "sqs:${Stage}"', "AllowedValues: ['*', 'Get*']")).toEqual([
    expect.stringMatching(/lacks .* when Stage is 'Get\*'$/),
  ]);
  expect(said('!Sub "sqs:${Stage}"', "AllowedValues: ['*', 'S*', 'R*', 'D*', 'G*'], Default: '*'")).toHaveLength(4);
  expect(said("'sqs:*'", 'AllowedValues: [a, b]')).toEqual([]);
});
