import { App, Aws, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as lintel from 'lintel/aws';

type Loose = new (...args: readonly unknown[]) => unknown;

const PARTS: readonly unknown[] = [lintel.Projection, lintel.Publication];

/** Every construct that users create themselves; others are created by methods. */
const CONSTRUCTS = Object.values(lintel as object).filter(
  (one: unknown): one is Loose =>
    typeof one === 'function' && one.prototype instanceof Construct && !PARTS.includes(one),
);
const newStack = () => new Stack(new App(), 'Shop');

const messageOf = (make: () => unknown) => {
  try {
    make();
    return 'nothing';
  } catch (error) {
    return (error as Error).message;
  }
};

test('all constructs are tried', () => {
  expect(CONSTRUCTS.length).toBeGreaterThan(14);
});

describe.each(CONSTRUCTS.map((Class) => [Class.name, Class] as const))('the arguments of new %s', (name, Class) => {
  const write = (id: string) => `write new ${name}(this, '${id}', { ... })`;

  test.each<[string, (stack: Stack) => readonly unknown[], string]>([
    [
      'a scope that is missing',
      () => [undefined, 'It', {}],
      `'scope' must be a construct, got nothing; ${write('It')} (${name})`,
    ],
    [
      'a scope that is no construct',
      () => [{ node: {} }, 'It', {}],
      `'scope' must be a construct, got { node: {} }; ${write('It')} (${name})`,
    ],
    [
      'the app as the scope',
      (s) => [s.node.root, 'It', {}],
      `'scope' must be a stack, or a construct in one, got 'App'; create a stack for it: new Stack(app, 'Shop') (${name})`,
    ],
    [
      'a stage as the scope',
      (s) => [new Stage(s.node.root, 'Prod'), 'It', {}],
      `'scope' must be a stack, or a construct in one, got 'Prod'; create a stack for it: new Stack(app, 'Shop') (${name})`,
    ],
    [
      'an empty id',
      (s) => [s, '', {}],
      `'id' must be a string, the id of the new construct, got ''; ${write(name)} (${name} in Shop)`,
    ],
    [
      'a number as the id',
      (s) => [s, 5, {}],
      `'id' must be a string, the id of the new construct, got 5; ${write(name)} (${name} in Shop)`,
    ],
    [
      'an id that is known only at deployment',
      (s) => [s, Aws.REGION, {}],
      `'id' must be known when the program runs, got a value that is known only at deployment; ${write(name)} (${name} in Shop)`,
    ],
    [
      'an id that is taken',
      (s) => [s, new Construct(s, 'It').node.id, {}],
      "'id' must be unique in its scope, got 'It'; choose another id (Shop/It)",
    ],
  ])('refuses %s', (_, args, message) => {
    expect(messageOf(() => new Class(...args(newStack())))).toBe(message);
  });

  test('refuses props in the place of the id, in the words of the class', () => {
    const stack = newStack();
    expect(messageOf(() => new Class(stack, { nothing: 1 }))).toBe(
      `'id' must be a string, the id of the new construct, got { nothing: 1 }; ${write(name)} (${name} in Shop)`,
    );
  });

  test('names the scope and the id when both are wrong', () => {
    expect(messageOf(() => new Class('It', {}))).toBe(
      `'scope' must be a construct, got 'It'; ${write('It')} (${name})\n` +
        `'id' must be a string, the id of the new construct, got {}; ${write('It')} (${name})`,
    );
    expect(messageOf(() => new Class())).toContain(`${write(name)} (${name})`);
  });
});

test('a class of the user has its own name in the message', () => {
  class Billing extends lintel.EntityTable {}
  expect(messageOf(() => new Billing(newStack(), '', { partitionKey: 'id' }))).toContain(
    "write new Billing(this, 'Billing', { ... }) (Billing in Shop)",
  );
});

test.each([
  ['Projection', 'store.project'],
  ['Publication', 'store.publishTo'],
])('a %s is created by its store', (name, method) => {
  const Class = (lintel as unknown as Readonly<Record<string, Loose>>)[name]!;
  expect(messageOf(() => new Class(newStack(), 'It', {}))).toBe(
    `'store' must be given, got nothing; call ${method}(...) instead of new ${name}(...) (${name})`,
  );
});
