import { readTemplate } from '../../../lib/core/model/read-template';
import { ReadError } from '../../../lib/core/model/read-error';
import { Choice, Reference, Secret, Text, Unknown } from '../../../lib/core/model/values';

/** The value of `Value` in a template that has some of everything. */
function valueOf(yaml: string): unknown {
  const model = readTemplate(
    `
Parameters:
  Plain: { Type: String }
  Size: { Type: Number, Default: 128 }
  Names: { Type: CommaDelimitedList, Default: 'a, b' }
  Stage: { Type: String, AllowedValues: [prod, dev], Default: dev }
  Only: { Type: String, AllowedValues: [one] }
  Password: { Type: String, NoEcho: true, Default: hunter2 }
  Env: { Type: String, Default: prod }
  Zone: { Type: String }
  Looked: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /path }
Mappings:
  Sizes: { dev: { memory: 128, zones: [x, y] }, prod: { memory: 1024 } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsNotProd: !Not [!Condition IsProd]
  Always: !Equals [a, a]
  Never: !Not [!Equals [!Ref Only, one]]
  Both: !And [!Condition Always, !Condition IsProd]
  ByDefault: !Equals [!Ref Size, 128]
Resources:
  Queue: { Type: AWS::SQS::Queue }
  Subject:
    Type: Custom::Subject
    Properties:
      Value: ${yaml}
`,
    { name: 'T' },
  );
  return model.resources.get('T/Subject')!.properties.Value;
}

const region = new Unknown('AWS::Region is known only at deployment', 'AWS::Region');

test.each([
  ['!Ref Queue', new Reference('T/Queue')],
  ['{ Ref: Queue }', new Reference('T/Queue')],
  ['!GetAtt Queue.Arn', new Reference('T/Queue', 'Arn')],
  ['!GetAtt [Queue, Arn]', new Reference('T/Queue', 'Arn')],
  ['{ "Fn::GetAtt": "Queue.Arn" }', new Reference('T/Queue', 'Arn')],
  ['!Sub "${Queue.Arn}"', new Reference('T/Queue', 'Arn')],
  ['!Sub "${Queue}/x/${!Literal}"', new Text([new Reference('T/Queue'), '/x/${Literal}'])],
  ['!Sub ["${A}-${B}", { A: a, B: !Ref Queue }]', new Text(['a-', new Reference('T/Queue')])],
  ['!Sub plain', 'plain'],
  ['!Sub "${AWS::Region}"', region],
  ['!Join ["-", [a, !Ref Size, c]]', 'a-128-c'],
  ['!Join ["", ["arn:", !Ref AWS::Region]]', new Text(['arn:', region])],
  ['!Join ["-", [a, !Ref AWS::NoValue, c]]', 'a-c'],
  ['!Join ["-", !Ref Names]', 'a-b'],
  ['!Join ["-", [a, !If [IsProd, p, d]]]', new Choice('IsProd', 'a-p', 'a-d')],
  ['!Select [1, [a, b]]', 'b'],
  ['!Select ["1", !Split ["/", a/b]]', 'b'],
  ['!Split [",", "a,b"]', ['a', 'b']],
  ['!FindInMap [Sizes, dev, memory]', 128],
  ['!FindInMap [Sizes, dev, zones]', ['x', 'y']],
  ['!FindInMap [Sizes, !If [IsProd, prod, dev], memory]', new Choice('IsProd', 1024, 128)],
  ['!FindInMap [Sizes, !Ref Env, memory]', new Choice("Env is 'prod'", 1024, 128)],
  ['!FindInMap [Sizes, !Ref Zone, memory]', new Choice("Zone is 'dev'", 128, 1024)],
  ['{ "Fn::FindInMap": [Sizes, none, none, { DefaultValue: 7 }] }', 7],
  ['!Base64 hi', 'aGk='],
  ['!Cidr [10.0.0.0/16, 2, 8]', ['10.0.0.0/24', '10.0.1.0/24']],
  ['{ "Fn::Length": [1, 2, 3] }', 3],
  ['{ "Fn::Length": !Ref Names }', 2],
  ['{ "Fn::ToJsonString": { a: [1, "x"] } }', '{"a":[1,"x"]}'],
  ['{ "Fn::ToJsonString": { a: !Ref Queue } }', new Text(['{"a":"', new Reference('T/Queue'), '"}'])],
  ['!If [IsProd, 1, 2]', new Choice('IsProd', 1, 2)],
  ['!If [IsNotProd, 1, 2]', new Choice('IsProd', 2, 1)],
  ['!If [Both, 1, 2]', new Choice('IsProd', 1, 2)],
  ['!If [IsProd, !If [IsNotProd, x, 1], 2]', new Choice('IsProd', 1, 2)],
  ['!If [Always, 1, 2]', 1],
  ['!If [Never, 1, 2]', 2],
  ['!If [ByDefault, 1, 2]', new Choice('ByDefault', 1, 2)],
  ['!If [IsProd, 1, !Ref AWS::NoValue]', new Choice('IsProd', 1, undefined)],
  ['!Ref AWS::NoValue', undefined],
  ['!Ref Size', '128'],
  ['!Ref Names', ['a', 'b']],
  ['!Ref Stage', new Choice("Stage is 'dev'", 'dev', 'prod')],
  ['!Ref Only', 'one'],
  ['!Ref Password', new Secret("parameter 'Password'")],
  ['!Sub "x${Password}"', new Text(['x', new Secret("parameter 'Password'")])],
  [
    '"{{resolve:secretsmanager:db:SecretString:password}}"',
    new Secret('{{resolve:secretsmanager:db:SecretString:password}}'),
  ],
  ['"{{resolve:ssm-secure:/x:1}}"', new Secret('{{resolve:ssm-secure:/x:1}}')],
  [
    '{ "Fn::Sub": "{{resolve:secretsmanager:${AWS::StackName}:SecretString:password}}" }',
    new Secret('{{resolve:secretsmanager:${AWS::StackName}:SecretString:password}}'),
  ],
  [
    '{ "Fn::Join": ["", ["u:{{resolve:ssm-secure:", "/x", "}}@h"]] }',
    new Text(['u:', new Secret('{{resolve:ssm-secure:/x}}'), '@h']),
  ],
  ['{ "Fn::Join": ["", ["{{resolve:ssm:", "/x"]] }', '{{resolve:ssm:/x'],
  ['"{{resolve:ssm:/x}}"', new Unknown('{{resolve:ssm:/x}} is read at deployment')],
  ['2012-10-17', '2012-10-17'],
  ['yes', true],
])('reads %s', (yaml, value) => {
  expect(valueOf(yaml)).toEqual(value);
});

test.each([
  ['!Ref Plain', "parameter 'Plain' has no default"],
  ['!Ref Looked', "parameter 'Looked' is looked up in Parameter Store at deployment"],
  ['!Ref Nobody', "'Nobody' is neither a parameter nor a resource of the template"],
  ['!GetAtt Nobody.Arn', "'Nobody' is not a resource of the template"],
  ['!FindInMap [Sizes, !Ref AWS::Region, memory]', 'Fn::FindInMap depends on AWS::Region'],
  ['!FindInMap [Sizes, none, memory]', 'Fn::FindInMap finds no such entry'],
  ['!ImportValue other', "the import 'other' comes from outside of the assembly"],
  ['!GetAZs ""', 'the zones of a region are known only at deployment'],
  ['!Select [2, !Split [":", !GetAtt Queue.Arn]]', 'a part of a text is known only at deployment'],
  ['!Select [5, [a]]', 'Fn::Select asks for item 5 of 1'],
  ['{ "Fn::Novelty": 1 }', 'Fn::Novelty is known only at deployment'],
])('says why %s is unknown', (yaml, reason) => {
  const value = valueOf(yaml);
  expect(value).toBeInstanceOf(Unknown);
  expect((value as Unknown).reason).toBe(reason);
});

test('remembers what a part was split from', () => {
  expect(valueOf('!Select [5, !Split [":", !GetAtt Queue.Arn]]')).toMatchObject({
    origin: { value: new Reference('T/Queue', 'Arn'), delimiter: ':', index: 5 },
  });
});

const CONDITIONAL = `{
 "Parameters": { "Stage": { "Type": "String" } },
 "Conditions": {
  "IsProd": { "Fn::Equals": [ { "Ref": "Stage" }, "prod" ] },
  "Never": { "Fn::Equals": [ "a", "b" ] }
 },
 "Resources": {
  "Gone": { "Type": "AWS::SQS::Queue", "Condition": "Never" },
  "Prod": {
   "Type": "AWS::SQS::Queue",
   "Condition": "IsProd",
   "DependsOn": "Other",
   "DeletionPolicy": "Retain",
   "Metadata": { "aws:cdk:path": "Shop/Queue/Resource" },
   "Properties": { "DelaySeconds": { "Fn::If": [ "IsProd", 1, 2 ] }, "KmsMasterKeyId": "{" }
  },
  "Other": { "Type": "AWS::SQS::Queue" }
 },
 "Outputs": { "Url": { "Value": { "Ref": "Other" } } }
}`;

test('reads what surrounds the properties of a resource', () => {
  const model = readTemplate(CONDITIONAL, { name: 'T', file: 't.json' });
  expect([...model.resources.keys()]).toEqual(['T/Prod', 'T/Other']);
  expect(model.resources.get('T/Prod')).toMatchObject({
    logicalId: 'Prod',
    type: 'AWS::SQS::Queue',
    path: 'Shop/Queue/Resource',
    properties: { DelaySeconds: 1 },
    dependsOn: ['T/Other'],
    attributes: { condition: 'IsProd', deletionPolicy: 'Retain' },
    location: { file: 't.json', line: 9, column: 3 },
  });
  expect(model.templates.get('T')!.outputs).toEqual({ Url: new Reference('T/Other') });
});

test('finds the line of a property in JSON and in YAML', () => {
  const json = readTemplate(CONDITIONAL, { file: 't.json' }).templates.get('t.json')!;
  expect(json.locate!(['Resources', 'Prod', 'Properties', 'KmsMasterKeyId'])?.line).toBe(15);
  expect(json.locate!(['Resources', 'Prod', 'Properties', 'Missing'])?.line).toBe(15);
  const yaml = readTemplate(
    'Resources:\n  A:\n    Type: X::Y::Z\n    Properties:\n      List:\n        - a\n        - b\n',
    {
      file: 't.yaml',
    },
  ).templates.get('t.yaml')!;
  expect(yaml.locate!(['Resources', 'A', 'Properties', 'List', '1'])).toEqual({ file: 't.yaml', line: 7, column: 11 });
  expect(yaml.locate!(['Resources', 'A', 'Properties', 'Missing'])?.line).toBe(4);
});

test.each([
  ['nothing', '', "is not a CloudFormation template: it has no 'Resources'"],
  ['a list', '[]', "is not a CloudFormation template: it has no 'Resources'"],
  ['other JSON', '{"a":1}', "is not a CloudFormation template: it has no 'Resources'"],
  [
    'a resource without a type',
    '{"Resources":{"A":{}}}',
    "is not a CloudFormation template: resource 'A' has no 'Type'",
  ],
  ['several documents', 'Resources: {}\n---\nResources: {}', 'holds several YAML documents'],
  ['half a file', '{"Resources":{"A"', 'is neither JSON nor YAML'],
  ['a YAML bomb', 'Resources: &a { b: *a }', 'is nested in more than 200 levels'],
])('refuses %s', (_, text, reason) => {
  expect(() => readTemplate(text, { file: 'x.yaml' })).toThrow(ReadError);
  expect(() => readTemplate(text, { file: 'x.yaml' })).toThrow(reason);
  expect(() => readTemplate(text, { file: 'x.yaml' })).toThrow(/^x\.yaml (is|unfolds|holds) /);
});
