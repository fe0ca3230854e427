import type { ExprNode } from 'jsonata';
import { type Found, walkJsonata } from './jsonata-walk';

/** What an expression reads and makes; positions are characters from its begin. */
export interface JsonataReading {
  /** Variables that come from outside the expression: `$states.input.id` is `states` with the path `['input', 'id']`. */
  readonly variables: readonly VariableUse[];
  /** Names that it binds itself with `:=`; inside of the expression only. */
  readonly bound: readonly Found[];
  /** Functions that it calls and does not define: of JSONata, of Step Functions, or a variable that holds one. */
  readonly functions: readonly Found[];
  /** Names, `$` and wildcards that read the root, where Step Functions has nothing: `{% id %}` for `{% $states.input.id %}`. */
  readonly topLevel: readonly Found[];
  /** Uses of `$$`, the root of the input, which Step Functions does not have. */
  readonly root: readonly Found[];
  /** Operators that came after version 2.0.6, which Step Functions has: `??` and `?:`. */
  readonly newer: readonly Found[];
}

/** A variable that is read. */
export interface VariableUse extends Found {
  /** The fields that are read of it directly, as far as they are written as names. */
  readonly path: readonly string[];
}

/** The version of JSONata that Step Functions has. */
export const JSONATA_VERSION = '2.0.6';

/** What Step Functions adds to the functions of JSONata. */
export const ADDED_FUNCTIONS: readonly string[] = ['partition', 'range', 'hash', 'random', 'uuid', 'parse'];

/** The functions of JSONata that Step Functions has; `eval` is not among them. */
export const JSONATA_FUNCTIONS: readonly string[] = (
  'abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl ' +
  'decodeUrlComponent distinct each encodeUrl encodeUrlComponent error exists filter floor formatBase formatInteger ' +
  'formatNumber fromMillis join keys length lookup lowercase map match max merge millis min not now number pad ' +
  'parseInteger power random reduce replace reverse round shuffle sift single sort split spread sqrt string substring ' +
  'substringAfter substringBefore sum toMillis trim type uppercase zip'
).split(' ');

type Parse = (source: string) => { ast(): ExprNode };

/**
 * Reads a JSONata expression, without the marks around it.
 * @returns what it reads; or what is wrong with it
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

/** Loaded when it is needed: most stacks have no JSONata. */
function parser(): Parse {
  return require('jsonata') as Parse;
}
