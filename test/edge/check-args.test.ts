import * as pulumi from '@pulumi/pulumi';
import * as edge from 'lintel/edge';
import { CdkStack, synthesize } from 'lintel/pulumi';

type Loose = new (...args: readonly unknown[]) => unknown;

/** Every component there is. */
const COMPONENTS = [...Object.values(edge), CdkStack].filter(
  (one): one is typeof edge.EdgeStore => typeof one === 'function' && one.prototype instanceof pulumi.ComponentResource,
) as unknown as readonly Loose[];

const messageOf = (make: () => unknown) => {
  try {
    make();
    return 'nothing';
  } catch (error) {
    return (error as Error).message;
  }
};

test('all components are tried', () => {
  expect(COMPONENTS.length).toBeGreaterThan(17);
});

describe.each(COMPONENTS.map((Class) => [Class.name, Class] as const))('the arguments of new %s', (type, Class) => {
  const named = (got: string) =>
    `'name' must be a string, got ${got}; write it before the arguments: new ${type}('billing', { ... }) (${type})`;

  test.each<[string, () => readonly unknown[], string]>([
    ['a name that is missing', () => [], named('nothing')],
    ['arguments in the place of the name', () => [{ scriptName: 'api' }], named("{ scriptName: 'api' }")],
    ['an empty name', () => ['', {}], named("''")],
    ['a number as the name', () => [5, {}], named('5')],
    ['an Output as the name', () => [pulumi.output('x'), {}], named('an Output of Pulumi')],
    [
      'options that are none',
      () => ['it', {}, 'protect'],
      "'opts' must be an object, the options of the resource, got 'protect'; write it as { protect: true } (it)",
    ],
    [
      'a parent that is none',
      () => ['it', {}, { parent: 'shop' }],
      "'opts.parent' must be a resource, got 'shop'; pass the component itself: { parent: this } (it)",
    ],
    [
      'a misspelt option',
      () => ['it', {}, { protekt: true }],
      "'opts.protekt' must not be given, since nothing reads it; did you mean 'protect'? (it)",
    ],
  ])('refuses %s', (_, args, message) => {
    expect(messageOf(() => new Class(...args()))).toBe(message);
  });

  test('refuses arguments that are no object, and takes options that a newer Pulumi may have', async () => {
    const program = () => void new Class('it', 'handler.ts', { quitNewThing: true });
    const error = await synthesize(program, { project: 'shop', stack: 'prod' }).catch((one: Error) => one.message);
    expect(error).toContain("'props' must be an object, got 'handler.ts'");
    expect(error).not.toContain('quitNewThing');
  });
});
