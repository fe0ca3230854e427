import type { Files } from './beside';
import { LOOP, withoutLoops } from './foreach';
import { withoutInlineTransforms } from './inline-transforms';
import { ReadError } from './read-error';
import type * as Sam from './sam/expand';
import { recordOf, type JsonObject, asList } from '../record';

const SAM = 'AWS::Serverless-2016-10-31';
const INCLUDE = 'AWS::Include';
const MAX_DEPTH = 200;

/** Transforms that do not change anything we judge. */
const HARMLESS = [
  'AWS::LanguageExtensions',
  // Rotation functions of secrets, from the service's own nested template.
  'AWS::SecretsManager-2020-07-23',
  'AWS::SecretsManager-2024-09-16',
  // Hooks for blue/green deployments; no resource changes.
  'AWS::CodeDeployBlueGreen',
];

const REMEDY = 'check the processed template: aws cloudformation get-template --template-stage Processed';

/**
 * A template with its transforms applied: files are included, loops unrolled, SAM resources expanded. A transform
 * inside a resource that only CloudFormation can apply leaves its result unknown, with a note.
 * @throws ReadError for a transform of the template that only CloudFormation can apply
 */
export function transformed(written: JsonObject, shown: string, files: Files): JsonObject {
  const template = included(written, shown, files);
  const names = namesOf(template.Transform);
  const unknown = names.find((name) => name !== SAM && !HARMLESS.includes(name));
  if (unknown !== undefined) throw cannotApply(shown, unknown);
  const { loops, above } = inlineIn(template, shown);
  if (above !== undefined) throw cannotApply(shown, above);
  const unrolled = loops ? withoutLoops(template, shown) : template;
  if (!asksForSam(template)) return unrolled;
  const { expandSam } = require('./sam/expand') as typeof Sam;
  return expandSam(unrolled);
}

/** Whether a template asks for SAM's transform. */
export function asksForSam(template: JsonObject): boolean {
  return namesOf(template.Transform).includes(SAM);
}

/** Applies a template's includes: its own `Transform`, and those in its parts. */
function included(template: JsonObject, shown: string, files: Files): JsonObject {
  const transforms = asList(template.Transform);
  const includes = transforms.filter((one) => namesOf(one)[0] === INCLUDE);
  const found = includes.map((include) => withoutInlineTransforms({ 'Fn::Transform': include }, files));
  if (found.some((one) => 'Fn::Transform' in one)) throw cannotApply(shown, INCLUDE);
  const whole = found.reduce<JsonObject>(
    (sum, { Resources, ...one }) => ({
      ...one,
      ...sum,
      Resources: { ...recordOf(Resources), ...recordOf(sum.Resources) },
    }),
    {
      ...template,
      Transform: transforms.filter((one) => !includes.includes(one)),
    },
  );
  const first = found.length === 0 ? template : whole;
  return inlineIn(first, shown).any ? withoutInlineTransforms(first, files) : first;
}

function cannotApply(shown: string, name: string): ReadError {
  return new ReadError(shown, `has the transform '${name}', which only CloudFormation can apply`, REMEDY);
}

function namesOf(transform: unknown): string[] {
  // CloudFormation refuses a null: it is a name that nobody knows, and not none.
  return (transform === null ? [transform] : asList(transform)).map((one) =>
    typeof one === 'object' && one !== null && 'Name' in one ? String(one.Name) : String(one),
  );
}

/** What a template contains. */
interface Inline {
  /** Whether it has loops. */
  readonly loops: boolean;
  /** Whether it has inline transforms. */
  readonly any: boolean;
  /** The name of an inline transform above a resource's properties. */
  readonly above?: string;
}

/** Finds loops and inline transforms, at any depth. */
function inlineIn(template: JsonObject, shown: string): Inline {
  let [loops, any] = [false, false];
  let above: string | undefined;
  const scan = (value: unknown, path: readonly string[]): void => {
    if (typeof value !== 'object' || value === null) return;
    if (path.length > MAX_DEPTH)
      throw new ReadError(shown, `is nested in more than ${MAX_DEPTH} levels`, 'reduce the nesting');
    for (const [key, item] of Object.entries(value)) {
      if (key === 'Fn::Transform') {
        any = true;
        const inProperties = path[0] === 'Resources' && path[2] === 'Properties';
        if (!inProperties) above ??= namesOf(item)[0] ?? key;
      } else if (key.startsWith(LOOP)) loops = true;
      scan(item, [...path, key]);
    }
  };
  scan(template, []);
  return { loops, any, above };
}
