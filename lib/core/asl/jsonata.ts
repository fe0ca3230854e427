import type { ExprNode } from 'jsonata';
import { type Found, walkJsonata } from './jsonata-walk';

/** What an expression reads and binds; positions are offsets. */
export interface JsonataReading {
  /** Variables from outside the expression: `$states.input.id` is `states` with the path `['input', 'id']`. */
  readonly variables: readonly VariableUse[];
  /** Names it binds with `:=`, local to the expression. */
  readonly bound: readonly Found[];
  /** Functions it calls but does not define: of JSONata, of Step Functions, or in a variable. */
  readonly functions: readonly Found[];
  /**
   * Names, `$` and wildcards that read the root, which is empty in Step Functions: `{% id %}` for `{% $states.input.id
   * %}`.
   */
  readonly topLevel: readonly Found[];
  /** Uses of `$$`, the root of the input, which Step Functions lacks. */
  readonly root: readonly Found[];
  /** Operators newer than Step Functions' version 2.0.6: `??` and `?:`. */
  readonly newer: readonly Found[];
}

/** A read of a variable. */
export interface VariableUse extends Found {
  /** The fields read from it directly, as far as they are plain names. */
  readonly path: readonly string[];
}

/** The version of JSONata in Step Functions. */
export const JSONATA_VERSION = '2.0.6';

/** Step Functions' additions to JSONata's functions. */
export const ADDED_FUNCTIONS: readonly string[] = ['partition', 'range', 'hash', 'random', 'uuid', 'parse'];

/** JSONata's functions in Step Functions, all except `eval`. */
export const JSONATA_FUNCTIONS: readonly string[] = (
  'abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl ' +
  'decodeUrlComponent distinct each encodeUrl encodeUrlComponent error exists filter floor formatBase formatInteger ' +
  'formatNumber fromMillis join keys length lookup lowercase map match max merge millis min not now number pad ' +
  'parseInteger power random reduce replace reverse round shuffle sift single sort split spread sqrt string substring ' +
  'substringAfter substringBefore sum toMillis trim type uppercase zip'
).split(' ');

type Parse = (source: string) => { ast(): ExprNode };

/**
 * Reads a JSONata expression, without its delimiters.
 * @returns what it reads, or what is wrong with it
 */
export function readJsonata(source: string): JsonataReading | { readonly fault: string; readonly position?: number } {
  let ast: ExprNode;
  try {
    ast = parser()(source).ast();
  } catch (error) {
    const { message, position } = error as { message?: unknown; position?: unknown };
    return { fault: String(message ?? error), ...(typeof position === 'number' && { position }) };
  }
  return walkJsonata(ast, source);
}

/** Loaded on demand: most stacks have no JSONata. */
function parser(): Parse {
  return require('jsonata') as Parse;
}
