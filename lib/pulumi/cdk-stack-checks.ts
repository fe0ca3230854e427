import * as pulumi from '@pulumi/pulumi';
import { type Check, failuresOf } from '../core/check/check';
import { input, isPlain, object, record, text } from '../core/check/kinds';
import { type Kind, type Shape, shapeChecks, whereTyped } from '../core/check/shape';
import { stackNameLength, stackTags } from '../core/facts/cloudformation';
import { isRecord } from '../core/record';
import { ASSET_BUCKET } from './asset-bucket';
import { type Assembly, isTemplate, section } from './cdk-assembly';
import type { CdkStackArgs } from './cdk-stack-args';

/** Checks of how a stack is built: the types of the arguments, and then what they say. */
export function sourceChecks(args: CdkStackArgs, stackName: string): Check[] {
  const typed = shapeChecks(args, SHAPE);
  return [...typed, ...whereTyped(typed, () => settingChecks(args ?? {}, stackName))];
}

const callback = (example: string): Kind => ({
  rule: 'must be a function',
  remedy: () => `write it as ${example}`,
  is: (value) => typeof value === 'function',
});

const SHAPE: Shape<CdkStackArgs> = {
  build: callback("(stack) => { new Queue(stack, 'Jobs'); }"),
  stack: callback("(app, props) => new Shop(app, 'Shop', props)"),
  app: { rule: 'must be an object', remedy: () => 'write it as { context: { ... } }', is: isPlain },
  stackName: text('shop-orders'),
  env: object({ account: text('111122223333'), region: text('eu-west-1') }, "{ region: 'eu-west-1' }"),
  parameters: record(input(text('a value')), "{ Stage: 'prod' }"),
  tags: record(input(text('a value')), "{ team: 'orders' }"),
  assetBucket: input(text('shop-assets')),
};

function settingChecks({ build, stack, tags }: CdkStackArgs, stackName: string): Check[] {
  return [
    {
      prop: 'build',
      value: build,
      reads: [stack],
      valid: () => (build === undefined) !== (stack === undefined),
      rule: "must be given, or else 'stack', but not both",
      remedy: "write (stack) => { ... } to fill an empty stack, or set 'stack' to create one of your class",
    },
    {
      prop: 'stackName',
      value: stackName,
      valid: () => /^[A-Za-z][A-Za-z0-9-]*$/.test(stackName) && stackName.length <= stackNameLength.value,
      rule: `must be at most ${stackNameLength.value} letters, digits and dashes, and start with a letter`,
      remedy: 'set it to a shorter name',
    },
    {
      prop: 'tags',
      value: Object.keys(tags ?? {}).length,
      valid: () => Object.keys(tags ?? {}).length <= stackTags.value,
      rule: `must be at most ${stackTags.value}`,
      remedy: 'remove some',
    },
  ];
}

/** Checks of values for the template's parameters. */
export function parameterChecks({ template }: Assembly, given: NonNullable<CdkStackArgs['parameters']>): Check[] {
  const parameters = section(template, 'Parameters');
  const names = Object.keys(parameters).filter((name) => name !== ASSET_BUCKET);
  return [
    ...Object.keys(given).map((name) => ({
      prop: `parameters.${name}`,
      value: name,
      valid: () => names.includes(name),
      rule: 'must be a parameter of the template',
      remedy: `it has ${names.map((one) => `'${one}'`).join(', ') || 'none'}`,
    })),
    ...names.map((name) => ({
      prop: `parameters.${name}`,
      value: undefined,
      valid: () => name in given || (isRecord(parameters[name]) && 'Default' in parameters[name]),
      rule: 'must be given, as the template has no default for it',
      remedy: 'set it',
    })),
  ];
}

/** A preview changes nested templates, which are named by the original content: in a shared bucket they would overwrite the originals. */
export function previewChecks({ assets }: Assembly, assetBucket: CdkStackArgs['assetBucket']): Check[] {
  return [
    {
      prop: 'assetBucket',
      value: assetBucket,
      valid: () => assetBucket === undefined || !assets.some(({ file }) => isTemplate(file)),
      rule: 'must be left out in a preview of a stack with nested stacks, whose templates differ',
      remedy: "leave it out when 'lintel:preview' is set: a bucket is created",
    },
  ];
}

/** @throws InputPropertiesError with all failures at once */
export function checkAll(name: string, checks: readonly Check[]): void {
  const failures = failuresOf(checks);
  if (failures.length === 0) return;
  throw new pulumi.InputPropertiesError({
    message: failures.map(({ message }) => `${message} (${name})`).join('\n'),
    errors: failures.map(({ prop, message }) => ({ propertyPath: prop, reason: message })),
  });
}
