import { App, aws_sqs, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type Loose, type Sample, SAMPLES } from './samples';
import { WRONG_VALUES } from '../../wrong-values';

const PLAIN = { builtinCloudFormationValidation: false, context: { 'aws:cdk:bundling-stacks': [] } };
// Replicas of a table ask for a region.
const newStack = () => new Stack(new App(PLAIN), 'Shop', { env: { region: 'eu-west-1' } });

/** What people write in place of something else. */
const WRONG: Readonly<Record<string, (stack: Stack) => unknown>> = {
  ...WRONG_VALUES,
  'an ARN': () => 'arn:aws:sqs:eu-west-1:111122223333:jobs',
  'a duration': () => Duration.seconds(30),
  'a construct': (stack) => new aws_sqs.Queue(stack, 'Wrong'),
};

/** Values that are known only at deployment, which are not guessed. */
const OPEN: Readonly<Record<string, () => unknown>> = {
  'a text': () => Lazy.string({ produce: () => 'x' }),
  'a number': () => Lazy.number({ produce: () => 5 }),
  'a list': () => Lazy.list({ produce: () => ['x'] }),
  'an object': () => Token.asAny({ x: 1 }),
};

/** The paths of a value that somebody writes himself, and so may get wrong. */
function pathsOf(value: unknown, path: readonly string[]): (readonly string[])[] {
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value ?? 0) === Object.prototype;
  if (!isPlain) return [path];
  return [path, ...Object.entries(value as object).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))];
}

function replaced(value: unknown, [name, ...rest]: readonly string[], wrong: unknown): unknown {
  if (name === undefined) return wrong;
  const inner = replaced((value as Loose)[name], rest, wrong);
  return Array.isArray(value)
    ? value.map((one, index) => (String(index) === name ? inner : one))
    : { ...(value as Loose), [name]: inner };
}

/** What a value of the same type is called above: nothing says that it is wrong. */
function alike(value: unknown): readonly string[] {
  if (Construct.isConstruct(value)) return ['a construct'];
  if (value instanceof Duration) return ['a duration'];
  if (Array.isArray(value)) return ['an empty list'];
  return (
    { number: ['a number'], string: ['some text', 'a number in quotes', 'an ARN'], boolean: ['a switch'] }[
      typeof value as string
    ] ?? ['an empty object']
  );
}

/** Text is free. */
const TEXT = /two lines/;

/** What else is right, by the end of the prop's name, and why. */
const RIGHT: readonly (readonly [prop: RegExp, values: RegExp, reason: string])[] = [
  [/^(description|alarms\.\w+\.off|environment\.STAGE|usagePlans\.free\.keys\.0)$/, TEXT, 'people read it'],
  [/^(authorizer\.audience\.0|signature\.field|source(\.0)?|types\.0|eventTypes\.0)$/, TEXT, 'others gave it its name'],
  [/^(partitionKey|sortKey|timeToLive|indexes\.\w+|personal\.OrderPlaced)(\.\w+)*$/, TEXT, 'an attribute has any name'],
  [/^(prefix|suffix|lifecycle\.old\.prefix)$/, TEXT, 'a key of S3 has any characters'],
  [/^bundling\.(alias|define|external|pluginsKey)/, TEXT, 'esbuild reads it'],
  [/^(prefix|suffix|description|bundling\.pluginsKey)$/, /an empty text/, 'empty, it says what absent says'],
  [/^vpcSubnets$/, /an empty object/, 'empty, it says what absent says'],
  [/^environment\.STAGE$/, /an empty text/, 'a variable may be empty'],
  [/^capacity\.(min|max)$/, /a fraction/, 'Aurora has capacity in halves'],
  [/throttle\.rate$/, /a fraction/, 'one request in two seconds is a rate'],
  [
    /^filters\..*\.kind\.0$/,
    /number|fraction|text|quotes|switch|null|object|duration|lines/,
    'JSON is what a filter compares',
  ],
  [/^input(\.|$)/, /number|fraction|text|quotes|switch|null|empty|duration|lines/, 'the input is any JSON'],
  [/^claimCheck$/, /a switch/, 'true is a bucket of its own'],
  [/^source$/, /text|quotes|ARN/, 'one source may stand alone'],
  [/^events\.\w+$/, /an empty object/, 'a schema that says nothing admits anything'],
  [
    /^detail\..*\.\d+$/,
    /number|fraction|text|quotes|switch|null|ARN|lines/,
    'JSON is what a pattern compares, and its numbers may be any',
  ],
  [/^(alarms|settings)\.\w+$/, /a number/, 'a threshold alone is a setting'],
  [/^(alarms|settings)\.(errorRate|duration|expiring)(\.threshold)?$/, /a fraction/, 'a percentage may be a fraction'],
  [/^(consumer|bundling)$/, /an empty object/, 'every prop of it may be left out'],
  [/^indexes\.\w+$/, /some text|quotes|ARN/, 'an index may be the name of an attribute'],
  [/^(partitionKey|sortKey|indexes\.\w+\.\w+Key)$/, /some text|quotes|ARN/, 'a key may be the name of an attribute'],
];

const isRight = (prop: string, what: string) => RIGHT.some(([name, values]) => name.test(prop) && values.test(what));

type Given = Readonly<{ stack: Stack; base: Loose; props: Loose }>;
const givenTo = ({ base, props }: Sample): Given => {
  const stack = newStack();
  return { stack, base: base(stack), props: props(stack) };
};

/** What becomes of a value: nothing, when it is accepted, or the error. */
function refusal(
  { make }: Sample,
  { stack, base, props }: Given,
  path: readonly string[],
  wrong: unknown,
): Error | undefined {
  const [prop = '', ...rest] = path;
  try {
    new make(stack, 'It', { ...base, [prop]: replaced(props[prop], rest, wrong) } as never);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Takes away what a construct has left, so that the next may have its name. */
function cleared({ stack }: Given, before: readonly string[]): void {
  for (const { node } of stack.node.children) if (!before.includes(node.id)) stack.node.tryRemoveChild(node.id);
}

/** Every line says which prop, as it was written, and in which construct, as it was named. */
const isOurs = (error: Error, prop: string) => {
  const lines = error.message.split('\n');
  const parent = prop.split('.').slice(0, -1).join('.') || prop;
  return (
    error.name === 'PatternError' &&
    lines.every((line) => /^'[^']+' .+; .+ \(Shop\/It\)$/.test(line)) &&
    lines.some((line) => line.startsWith(`'${prop}`) || line.startsWith(`'${parent}`))
  );
};

/** The mistakes of a construct that nobody tells of as they should. */
function untold(sample: Sample): string[] {
  const given = givenTo(sample);
  const before = given.stack.node.children.map(({ node }) => node.id);
  return Object.entries(given.props).flatMap(([name, value]) =>
    pathsOf(value, [name]).flatMap((path) => {
      const prop = path.join('.');
      const good = path.slice(1).reduce<unknown>((one, key) => (one as Loose)[key], value);
      return Object.entries(WRONG).flatMap(([what, wrong]) => {
        const error = refusal(sample, given, path, wrong(given.stack));
        cleared(given, before);
        if (error === undefined)
          return alike(good).includes(what) || isRight(prop, what) ? [] : [`${prop}: accepts ${what}`];
        return isOurs(error, prop) ? [] : [`${prop}: ${what} is told of as ${error.name}: ${error.message}`];
      });
    }),
  );
}

/** Values that are known later, and are neither refused nor bring a synthesis down. */
function fatal(sample: Sample): string[] {
  let given = givenTo(sample);
  const before = given.stack.node.children.map(({ node }) => node.id);
  const paths = Object.entries(given.props).flatMap(([name, value]) => pathsOf(value, [name]));
  return paths.flatMap((path) =>
    Object.entries(OPEN).flatMap(([what, open]) => {
      const prop = path.join('.');
      const { stack } = given;
      const error = refusal(sample, given, path, open());
      if (error !== undefined) {
        cleared(given, before);
        return error.name === 'PatternError' ? [] : [`${prop}: ${what} is told of as ${error.message}`];
      }
      given = givenTo(sample);
      try {
        (stack.node.root as App).synth();
        return [];
      } catch (late) {
        // What holds for a whole app is told of at its end, in the same words.
        const { message } = late as Error;
        return /^ {2}\[Shop\/It\] '/m.test(message) ? [] : [`${prop}: ${what} is told of as ${message}`];
      }
    }),
  );
}

describe.each(Object.entries(SAMPLES))('every prop of %s', (_, sample) => {
  test('refuses a value of another type in the words of its user, and accepts nothing wrong', () => {
    expect(untold(sample)).toEqual([]);
  });

  test('takes what is known only at deployment, or refuses it', () => {
    expect(fatal(sample)).toEqual([]);
  });
});
