import { App, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { matchers, templateSerializer } from 'lintel/testing';

function topicStack(scope: App | Stage = new App({ builtinCloudFormationValidation: false })): Stack {
  const stack = new Stack(scope, 'Shop');
  new Topic(stack, 'Topic', { displayName: 'Orders' });
  return stack;
}

const assembled = () => new App({ builtinCloudFormationValidation: false });

function thrownBy(attempt: () => void): unknown {
  try {
    return attempt();
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

test.each([
  ['a stack', () => topicStack()],
  ['a template of the assertions', () => Template.fromStack(topicStack())],
  ['a template as JSON', () => Template.fromStack(topicStack()).toJSON()],
  ['a stack of an assembly', () => (topicStack().node.root as App).synth().getStackByName('Shop')],
  ['a stack in a stage', () => topicStack(new Stage(assembled(), 'Prod'))],
])('matches %s', (_, source) => {
  expect(source()).toMatchTemplateSnapshot();
});

test('matches a stack in which a validation plugin finds errors', () => {
  const stack = topicStack();
  const at = { constructPath: 'Shop/Topic/Resource', locations: [] };
  const violation = { ruleName: 'No', description: 'no', severity: 'error', violatingResources: [at] };
  Validations.of(stack).addPlugins({ name: 'Strict', validate: () => ({ success: false, violations: [violation] }) });
  expect(() => Template.fromStack(stack)).toThrow();
  expect(stack).toMatchTemplateSnapshot();
});

test('tells several snapshots of one test apart by a hint', () => {
  expect(topicStack()).toMatchTemplateSnapshot('first');
  expect(topicStack()).toMatchTemplateSnapshot('second');
});

test('refuses what the snapshot refuses', () => {
  const differs = () => {
    throw new Error('differs');
  };
  const fake = { expect: (_: unknown) => ({ toMatchSnapshot: differs }) };
  const spy = jest.spyOn(globalThis as unknown as typeof fake, 'expect').mockImplementation(fake.expect);
  const message = thrownBy(() => matchers.toMatchTemplateSnapshot({ Resources: {} }));
  spy.mockRestore();
  expect(message).toBe('differs');
});

test('refuses what is no template, and a stack that cannot be synthesized', () => {
  expect(() => expect({}).toMatchTemplateSnapshot()).toThrow('expected a Stack, a Template');
  const stack = topicStack();
  stack.node.addValidation({ validate: () => ['broken'] });
  expect(() => expect(stack).toMatchTemplateSnapshot()).toThrow('broken');
});

test('is exported for an expect that cannot be reached as a global', () => {
  expect.extend(matchers);
  expect(matchers.toMatchTemplateSnapshot).toBeInstanceOf(Function);
});

describe('the serializer', () => {
  expect.addSnapshotSerializer(templateSerializer);

  test.each([
    ['a stack', () => topicStack()],
    ['a template', () => Template.fromStack(topicStack())],
    ['a template inside something else', () => ({ template: Template.fromStack(topicStack()).toJSON() })],
  ])('normalises %s in an ordinary snapshot', (_, value) => {
    expect(value()).toMatchSnapshot();
  });

  test('leaves other values alone', () => {
    for (const value of [null, 1, {}, { Resources: null }, { Resources: { A: 1 } }]) {
      expect(templateSerializer.test(value)).toBe(false);
    }
  });
});
