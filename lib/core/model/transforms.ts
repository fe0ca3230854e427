import { LOOP, withoutLoops } from './foreach';
import { type Raw } from './intrinsics';
import { ReadError } from './read-error';
import type * as Sam from './sam/expand';

const SAM = 'AWS::Serverless-2016-10-31';
const MAX_DEPTH = 200;

/** Transforms whose result says nothing else about what we judge than the template does. */
const HARMLESS = [
  'AWS::LanguageExtensions',
  // Rotation functions of secrets, made from a nested template of the service's own.
  'AWS::SecretsManager-2020-07-23',
  'AWS::SecretsManager-2024-09-16',
  // Hooks for blue/green deployments; no resource changes.
  'AWS::CodeDeployBlueGreen',
];

const REMEDY =
  'judge the template that CloudFormation makes of it: aws cloudformation get-template --template-stage Processed';

/**
 * A template with its transforms applied: loops are unrolled, SAM resources become those they stand for.
 * @throws ReadError for a macro, or another transform that only CloudFormation can apply
 */
export function transformed(template: Raw, shown: string): Raw {
  const names = namesOf(template['Transform']);
  const unknown = names.find((name) => name !== SAM && !HARMLESS.includes(name));
  if (unknown !== undefined) throw cannotApply(shown, unknown);
  const found = new Set<string>();
  scan(template, found, shown, 0);
  const inline = [...found].find((name) => !name.startsWith(LOOP));
  if (inline !== undefined) throw cannotApply(shown, inline);
  const unrolled = found.size > 0 ? withoutLoops(template, shown) : template;
  if (!names.includes(SAM)) return unrolled;
  const { expandSam } = require('./sam/expand') as typeof Sam;
  return expandSam(unrolled);
}

function cannotApply(shown: string, name: string): ReadError {
  return new ReadError(shown, `has the transform '${name}', which only CloudFormation can apply`, REMEDY);
}

function namesOf(transform: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(transform) ? transform : transform === undefined ? [] : [transform];
  return list.map((one) => (typeof one === 'object' && one !== null && 'Name' in one ? String(one.Name) : String(one)));
}

/** Finds loops and the names of inline transforms, at any depth. */
function scan(value: unknown, found: Set<string>, shown: string, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) throw new ReadError(shown, `is nested in more than ${MAX_DEPTH} levels`, 'write it flatter');
  for (const [key, item] of Object.entries(value)) {
    if (key === 'Fn::Transform') found.add(namesOf(item)[0] ?? key);
    else if (key.startsWith(LOOP)) found.add(key);
    scan(item, found, shown, depth + 1);
  }
}
