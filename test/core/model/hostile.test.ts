import { readTemplate } from '../../../lib/core/model/read-template';
import { Choice, Text, Unknown } from '../../../lib/core/model/values';
import { judge } from '../../../lib/rules/judge';
import { RULES } from '../../../lib/rules/rules/registry';

const queue = (properties: unknown, more: object = {}) => ({
  ...more,
  Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: properties } },
});
const propertiesOf = (template: unknown) =>
  readTemplate(JSON.stringify(template), { name: 'T' }).resources.get('T/Queue')!.properties;

/** Milliseconds of CPU. */
function cpu(action: () => void): number {
  const start = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

test.each([
  ['JSON', '{"Resources":{"A":{"Type":"X::Y::Z"},\n"A":{"Type":"AWS::SQS::Queue"}}}', 'line 2, column 1'],
  ['JSON, escaped', '{"Resources":{"A":{"Type":"X::Y::Z","T\\u0079pe":"AWS::SQS::Queue"}}}', 'line 1, column 37'],
  ['YAML', 'Resources:\n  A: { Type: X::Y::Z }\n  A: { Type: AWS::SQS::Queue }\n', 'line 3, column 3'],
])('refuses a name that stands twice in %s', (_, text, place) => {
  expect(() => readTemplate(text, { file: 'x' })).toThrow(`twice in one object, again at ${place}`);
});

test('takes a text that holds JSON for what it is', () => {
  expect(propertiesOf(queue({ Name: '{"a":1,"a":2}' }))).toEqual({ Name: '{"a":1,"a":2}' });
});

test.each([
  ['JSON', `{"Resources":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['YAML', `Resources: ${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ['YAML of braces', `Resources: ${'{a: '.repeat(3000)}1${'}'.repeat(3000)}`],
])('refuses %s that is nested too deep', (_, text) => {
  expect(() => readTemplate(text, { file: 'x' })).toThrow('is nested in more than 200 levels');
});

test('refuses a YAML bomb, and reads many aliases in linear time', () => {
  const letters = [...'bcdefghij'];
  const bomb = letters.map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`);
  expect(() => readTemplate(['a: &a [x, x, x]', ...bomb].join('\n'))).toThrow('expands to more than 500000 values');
  expect(() => readTemplate('Resources: *nothing')).toThrow("the alias '*nothing'");
  const aliases = Array.from({ length: 10_000 }, (_, index) => `    - &a${index} v\n    - *a${index}\n`).join('');
  const text = `Resources:\n  Queue: { Type: X::Y::Z }\nMetadata:\n  List:\n${aliases}`;
  expect(cpu(() => readTemplate(text))).toBeLessThan(3000);
});

test('finds the lines of 4,000 findings in linear time', () => {
  const Resources = Object.fromEntries(
    Array.from({ length: 4000 }, (_, index) => [
      `Queue${index}`,
      { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } },
    ]),
  );
  const model = readTemplate(JSON.stringify({ Resources }, undefined, 1), { name: 'T', file: 't.json' });
  const { locate } = model.templates.get('T')!;
  const lines = new Set<number>();
  const time = cpu(() => {
    for (const id of Object.keys(Resources)) {
      lines.add(locate!(['Resources', id, 'Properties', 'VisibilityTimeout'])!.line);
    }
  });
  expect(lines.size).toBe(4000);
  expect(time).toBeLessThan(1500);
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('takes %s for a name like any other', (name) => {
  const text = `{
    "Parameters": { "${name}": { "Type": "String" } },
    "Conditions": { "${name}": { "Fn::Equals": [{ "Ref": "${name}" }, "x"] } },
    "Mappings": { "${name}": { "${name}": { "${name}": "mapped" } } },
    "Resources": {
      "${name}": { "Type": "${name}", "Properties": { "${name}": "own" } },
      "Queue": { "Type": "AWS::SQS::Queue", "Condition": "${name}", "Properties": {
        "QueueName": { "Fn::If": ["${name}", "then", "else"] },
        "Tags": [{ "Key": { "Fn::FindInMap": ["${name}", "${name}", "${name}"] } }]
      } },
      "Other": { "Type": "AWS::SQS::Queue", "Properties": { "QueueName": { "Fn::If": ["${name}", "then", "else"] } } }
    }
  }`;
  const model = readTemplate(text, { name: 'T', file: 't' });
  expect(model.resources.get(`T/${name}`)?.type).toBe(name);
  expect(model.resources.get('T/Queue')!.properties).toEqual({ QueueName: 'then', Tags: [{ Key: 'mapped' }] });
  expect(model.resources.get('T/Other')!.properties).toEqual({ QueueName: new Choice(name, 'then', 'else') });
  expect(judge(model, { rules: RULES }).failures).toEqual([]);
});

test('gives up on functions that double a text inside of themselves', () => {
  let text: unknown = { Ref: 'AWS::Region' };
  let known: unknown = 'x'.repeat(100);
  let quoted: unknown = '"';
  let encoded: unknown = 'x';
  for (let level = 0; level < 60; level += 1) {
    text = { 'Fn::Sub': ['${a}-${a}', { a: text }] };
    known = { 'Fn::Sub': ['${a}${a}', { a: known }] };
    quoted = { 'Fn::ToJsonString': [quoted] };
    encoded = { 'Fn::Base64': encoded };
  }
  const properties = propertiesOf(queue({ text, known, quoted, encoded }));
  expect(properties.known).toBeInstanceOf(Text);
  for (const value of Object.values(properties)) expect(JSON.stringify(value).length).toBeLessThan(10_000_000);
});

test('does not follow functions inside of mappings, which CloudFormation does not have', () => {
  const inner = { 'Fn::FindInMap': ['M', 'a', 'b'] };
  const { Name } = propertiesOf(queue({ Name: inner }, { Mappings: { M: { a: { b: [inner, inner, inner] } } } })) as {
    Name: unknown[];
  };
  expect(Name).toHaveLength(3);
  expect(Name[0]).toBeInstanceOf(Unknown);
});

test('leaves conditions open that stand on a thousand others', () => {
  const Conditions = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`C${index}`, { 'Fn::Not': [{ Condition: `C${index + 1}` }] }]),
  );
  const properties = propertiesOf(queue({ Name: { 'Fn::If': ['C0', 'a', 'b'] } }, { Conditions }));
  expect(properties.Name).toBeInstanceOf(Choice);
});
