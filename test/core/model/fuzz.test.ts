import fc from 'fast-check';
import type { ResourceGraph } from '../../../lib/core/model/graph';
import { ReadError } from '../../../lib/core/model/read-error';
import { readGraph } from '../../../lib/core/model/read-graph';
import { readTemplate } from '../../../lib/core/model/read-template';
import { at, describe as inWords, eachBranch, entries, items } from '../../../lib/core/model/select';
import { judge } from '../../../lib/rules/judge';
import { RULES } from '../../../lib/rules/rules/registry';

const names = fc.constantFrom(
  'A',
  'B',
  'Stage',
  'Password',
  'Names',
  'IsProd',
  'AWS::Region',
  'AWS::NoValue',
  '__proto__',
  '',
);
const functions = fc.constantFrom(
  'Ref',
  'Fn::GetAtt',
  'Fn::Sub',
  'Fn::Join',
  'Fn::Select',
  'Fn::Split',
  'Fn::If',
  'Fn::FindInMap',
  'Fn::Base64',
  'Fn::Cidr',
  'Fn::GetAZs',
  'Fn::ImportValue',
  'Fn::Length',
  'Fn::ToJsonString',
  'Fn::GetStackOutput',
  'Fn::Equals',
  'Fn::And',
  'Fn::Not',
  'Condition',
  'Fn::Unheard',
);
const texts = fc.oneof(
  names,
  fc.string({ maxLength: 8 }),
  fc.constantFrom(
    '${A}',
    '${A.Arn}-${!B}',
    '${',
    '{{resolve:ssm:/x}}',
    'a{{resolve:secretsmanager:x}}',
    '10.0.0.0/16',
    'arn:aws:s3:::b',
    '*',
  ),
);
const types = fc.constantFrom(
  'AWS::Lambda::Function',
  'AWS::SQS::Queue',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::Lambda::EventSourceMapping',
  'AWS::CloudFormation::Stack',
  'AWS::Serverless::Function',
  'AWS::Serverless::Api',
  'AWS::DynamoDB::Table',
  'AWS::Events::Rule',
  'AWS::StepFunctions::StateMachine',
  'AWS::S3::Bucket',
  'AWS::ApiGatewayV2::Route',
);
const propertyNames = fc.constantFrom(
  'Role',
  'Policies',
  'PolicyDocument',
  'Statement',
  'Action',
  'Resource',
  'Effect',
  'Principal',
  'Condition',
  'Timeout',
  'Environment',
  'Variables',
  'Events',
  'Type',
  'Properties',
  'Targets',
  'EventSourceArn',
  'FunctionName',
  'RedrivePolicy',
  'VisibilityTimeout',
  'MemorySize',
  'DefinitionString',
  'ManagedPolicyArns',
  'AssumeRolePolicyDocument',
  'NotAction',
);

/** Any piece of a template: literals, lists, maps of plausible names, and intrinsics with plausible and absurd operands. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    texts,
    fc.integer({ min: -2, max: 20_000 }),
    fc.boolean(),
    fc.constant(null),
    fc.tuple(functions, tie('value')).map(([name, operand]) => ({ [name]: operand })),
    fc.tuple(functions, fc.array(tie('value'), { maxLength: 4 })).map(([name, operand]) => ({ [name]: operand })),
    // A loop as it should be; one that is not, like an inline transform, refuses the whole template.
    fc
      .tuple(fc.constantFrom('N', 'A'), fc.array(names, { maxLength: 2 }), propertyNames, tie('value'))
      .map(([name, list, key, one]) => ({ 'Fn::ForEach::X': [name, list, { [`${key}\${${name}}`]: one }] })),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(propertyNames, tie('value'), { maxKeys: 4 }),
  ),
}));

const resource = fc.record(
  { Type: types, Condition: names, DependsOn: value, Properties: value, Metadata: value, DeletionPolicy: value },
  { requiredKeys: ['Type', 'Properties'] },
);
const template = fc.record(
  {
    Transform: fc.constantFrom('AWS::Serverless-2016-10-31', 'AWS::LanguageExtensions'),
    Globals: value,
    Parameters: fc.dictionary(names, value),
    Mappings: value,
    Conditions: fc.dictionary(names, value),
    Resources: fc.dictionary(names, resource, { minKeys: 1 }),
    Outputs: fc.dictionary(names, value),
  },
  { requiredKeys: ['Resources'] },
);

const refusals = { refused: 0, all: 0 };

/** Reads, or refuses with an error that is meant for the user. */
function reads(read: () => ReturnType<typeof readTemplate>): ReturnType<typeof readTemplate> | undefined {
  refusals.all += 1;
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    refusals.refused += 1;
    return undefined;
  }
}

test('whatever stands in a template, it is read or refused, and its values can be looked at', () => {
  fc.assert(
    fc.property(template, (data) => {
      const model = reads(() => readTemplate(JSON.stringify(data), { file: 't.json' }));
      for (const one of model?.resources.values() ?? []) {
        for (const [name, property] of Object.entries(one.properties)) {
          eachBranch(property);
          items(property);
          entries(property);
          inWords(at(one, `${name}.Statement.0.Action`));
        }
        expect(one.location?.line).toBeGreaterThan(0);
      }
    }),
    { numRuns: 600 },
  );
  // Most must get past the reader, or nothing behind it is tried.
  expect(refusals.refused).toBeLessThan(refusals.all / 4);
});

test('whatever was read, rules judge it without breaking', () => {
  fc.assert(
    fc.property(template, (data) => {
      const model = reads(() => readTemplate(JSON.stringify(data)));
      if (model) expect(judge(model, { rules: RULES }).failures).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('whatever text is given, it is read or refused', () => {
  const text = fc.oneof(
    fc.string(),
    value.map((data) => JSON.stringify(data) ?? ''),
    fc.tuple(template, fc.nat(), fc.string({ maxLength: 3 })).map(([data, place, noise]) => {
      const whole = JSON.stringify(data, undefined, 1);
      return whole.slice(0, place % whole.length) + noise + whole.slice((place % whole.length) + 1);
    }),
    fc
      .array(
        fc.constantFrom('Resources:', '\n', '  ', '- ', '!Ref', '!Sub ', '&a', '*a', '{', '}', '<<: ', 'A:', '"', '|'),
        { maxLength: 30 },
      )
      .map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, (one) => void reads(() => readTemplate(one))),
    { numRuns: 600 },
  );
});

test('whatever stands in a graph, it is read or refused', () => {
  const graph = fc.record({
    resources: fc.array(
      fc.record(
        {
          type: fc.constantFrom(
            'aws:lambda/function:Function',
            'aws:iam/role:Role',
            'aws:cloudformation/stack:Stack',
            'cloudflare:index/queue:Queue',
          ),
          name: names,
          parent: names,
          inputs: fc.dictionary(
            fc.constantFrom('policy', 'templateBody', 'role', 'environment', 'assumeRolePolicy', 'tags'),
            fc.oneof(
              value,
              value.map((data) => JSON.stringify(data)),
            ),
          ),
          dependsOn: fc.array(names),
          secrets: fc.array(fc.constantFrom('policy', 'environment.variables.A')),
          options: fc.constant({}),
        },
        { requiredKeys: ['type', 'name', 'inputs'] },
      ),
      { maxLength: 5 },
    ),
    outputs: fc.dictionary(names, value),
  });
  fc.assert(
    fc.property(graph, (data) => void reads(() => readGraph(data as unknown as ResourceGraph))),
    { numRuns: 400 },
  );
});
