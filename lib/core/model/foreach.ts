import { Intrinsics } from './intrinsics';
import { ReadError } from './read-error';
import { isList, toText } from './select';
import { recordOf, type JsonObject } from '../record';

/** The prefix of a loop's name. */
export const LOOP = 'Fn::ForEach::';
/**
 * Extra key of a resource expanded from something else in the template: the name of the original in `Resources`, for
 * its line.
 */
export const MADE_FROM = 'Lintel::MadeFrom';
/** Extra key of a resource that was not fully read: a list of notes. */
export const NOT_READ = 'Lintel::NotRead';
const NO_LINKS = {
  parameter: () => undefined,
  imported: () => undefined,
  stackOutput: () => undefined,
  attribute: () => undefined,
};

/** Maximum iterations; CloudFormation allows 500 resources per template. */
const MAX_ITERATIONS = 5000;

/**
 * Expands a template's loops: each `Fn::ForEach`, in any section and at any depth, is unrolled, keeping the intrinsic
 * functions inside.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
 * @throws ReadError for a loop over values that are not in the template
 */
export function withoutLoops(template: JsonObject, shown: string): JsonObject {
  return new Loops(template, shown).expanded();
}

class Loops {
  private readonly intrinsics: Intrinsics;
  private iterations = 0;

  constructor(
    private readonly template: JsonObject,
    private readonly shown: string,
  ) {
    const { Parameters: parameters, Mappings: mappings } = template;
    const sections = { parameters: recordOf(parameters), mappings: recordOf(mappings), conditions: {}, resources: {} };
    this.intrinsics = new Intrinsics('', sections, NO_LINKS);
  }

  expanded(): JsonObject {
    return this.visit(this.template) as JsonObject;
  }

  private visit(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.visit(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, item]): [string, unknown][] =>
        name.startsWith(LOOP) ? this.unrolled(name, item) : [[name, this.visit(item)]],
      ),
    );
  }

  private unrolled(name: string, loop: unknown): [string, unknown][] {
    const [identifier, collection, body]: readonly unknown[] = Array.isArray(loop) ? loop : [];
    if (typeof identifier !== 'string' || typeof body !== 'object' || body === null) {
      throw this.error(`'${name}' is not a list of an identifier, a collection and a map`, 'correct it');
    }
    return this.items(name, collection).flatMap((item) => {
      this.iterations += 1;
      if (this.iterations > MAX_ITERATIONS) throw this.error(`loops exceed ${MAX_ITERATIONS} iterations`, 'split it');
      const made = Object.entries(this.visit(substituted(body, identifier, item)) as JsonObject);
      return made.map(([key, one]): [string, unknown] => [key, isResource(one) ? { [MADE_FROM]: name, ...one } : one]);
    });
  }

  private items(name: string, collection: unknown): string[] {
    const values = this.intrinsics.value(collection);
    const items = isList(values) ? values.map(toText) : [];
    if (isList(values) && items.every((item) => item !== undefined)) return items;
    throw this.error(
      `'${name}' loops over values that are known only at deployment`,
      'give its parameter a default, or check the processed template: ' +
        'aws cloudformation get-template --template-stage Processed',
    );
  }

  private error(reason: string, remedy: string): ReadError {
    return new ReadError(this.shown, `cannot be expanded: ${reason}`, remedy);
  }
}

/** The body of a loop for one item: `${Identifier}` is the item, `&{Identifier}` its letters and digits. */
function substituted(value: unknown, identifier: string, item: string): unknown {
  if (typeof value === 'string') {
    return value
      .replaceAll(`\${${identifier}}`, () => item)
      .replaceAll(`&{${identifier}}`, () => item.replace(/[^A-Za-z0-9]/g, ''));
  }
  if (Array.isArray(value)) return value.map((one) => substituted(one, identifier, item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, operand] = []] = entries;
  if (entries.length === 1 && name === 'Ref' && operand === identifier) return item;
  return Object.fromEntries(
    entries.map(([key, one]): [string, unknown] => [
      substituted(key, identifier, item) as string,
      substituted(one, identifier, item),
    ]),
  );
}

function isResource(value: unknown): value is JsonObject {
  return typeof recordOf(value).Type === 'string' && !(MADE_FROM in recordOf(value));
}
