import { DATA_LIMIT, ENVELOPE, type Outcome, RESUME, UNKNOWN_ERRORS } from './outcome';

/** JSONata between its marks. */
export function jsonata(source: string): string {
  return `{% ${source} %}`;
}

/** A JSONata string literal; step names need no escapes. */
export function quote(text: string): string {
  return `'${text}'`;
}

/** Outcomes after which a step must be undone. */
export function undoable(undoFailed: boolean): string {
  const outcomes: Outcome[] = ['completed', 'unknown', ...(undoFailed ? (['refused'] as const) : [])];
  return `[${outcomes.map(quote).join(', ')}]`;
}

/** Fields `error` and `cause` of an object, cut to fit a log line. */
export const ERROR_FIELDS =
  "'error': $states.errorOutput.Error, 'cause': $substring($states.errorOutput.Cause, 0, 1000)";

/**
 * An object for a failed action; `outcomeOf` determines its outcome later.
 * @param fields further ones, in JSONata
 * @param settle seconds until it has certainly ended
 */
export function failureOf(fields: string, settle: number): string {
  return jsonata(
    `{${fields}, 'ok': false, ${ERROR_FIELDS}, 'retried': $states.context.State.RetryCount > 0, 'settle': ${settle}}`,
  );
}

/**
 * The outcome of a failed action. After a retry, what an earlier attempt did is unknown.
 * @param of prefix of its fields: `$failed.`
 */
export function outcomeOf(of = ''): string {
  return `(${of}retried or $not($exists(${of}error)) or ${of}error = '' or $contains(${of}error, /${UNKNOWN_ERRORS}/) ? 'unknown' : 'refused')`;
}

/** Whether a value is small enough, in UTF-8 bytes: a non-ASCII character takes up to three. */
export function fits(value: string): string {
  const text = `$string(${value})`;
  return `($text := ${text}; $length($text) + 2 * $length($replace($text, /[ -~]+/, '')) <= ${DATA_LIMIT})`;
}

const ENVELOPED = `$type($states.input) = 'object' and $exists($states.input.\`${ENVELOPE}\`)`;

/** Whether an execution resumes another one's state: its name says so, which only `resume()` can give. */
export const IS_RESUMED = `$contains($states.context.Execution.Name, /${RESUME}[0-9]+$/) and ${ENVELOPED}`;

/** A field of what a resumed execution is given. */
export function resumed(field: string): string {
  return jsonata(`$states.input.\`${ENVELOPE}\`.${field}`);
}

/** The saga's input: what `start()` put into an envelope, or the plain input if started otherwise. */
export const STARTED_INPUT = jsonata(`${ENVELOPED} ? $states.input.\`${ENVELOPE}\`.input : $states.input`);

/** Every state passes on the saga's input. */
export const SAME_INPUT = jsonata('$states.input');

/**
 * The list of an `each`: what a plain path reads must exist, since a misspelt name would be an empty list.
 * The result of a filter may be empty.
 * @param items with its marks
 */
export function listIn(items: string): string {
  const source = inner(items);
  if (!/^\$(?:input|results)(?:\.(?:\w+|`[^`]+`)(?:\[-?\d*\])*)*$/.test(source)) return items;
  return jsonata(
    `$exists(${source}) and $type(${source}) != 'null' ? ${source} : $error(${JSON.stringify(`there is no ${source}`)})`,
  );
}

/** JSONata without its marks. */
export function inner(text: string): string {
  return text.trim().slice(2, -2).trim();
}
