import { DATA_LIMIT, ENVELOPE, type Outcome, RESUME, UNKNOWN_ERRORS } from './outcome';

/** JSONata between its marks. */
export function jsonata(source: string): string {
  return `{% ${source} %}`;
}

/** A text in JSONata; names of steps need no escapes. */
export function quote(text: string): string {
  return `'${text}'`;
}

/** Outcomes after which a step is to be undone. */
export function undoable(undoFailed: boolean): string {
  const outcomes: Outcome[] = ['completed', 'unknown', ...(undoFailed ? (['refused'] as const) : [])];
  return `[${outcomes.map(quote).join(', ')}]`;
}

/** What went wrong, as fields of an object: `error` and `cause`, cut to what a log line holds. */
export const ERROR_FIELDS =
  "'error': $states.errorOutput.Error, 'cause': $substring($states.errorOutput.Cause, 0, 1000)";

/**
 * An action that failed, as an object; what became of it is told later, by `outcomeOf`.
 * @param fields further ones, in JSONata
 * @param settle seconds after which it has ended
 */
export function failureOf(fields: string, settle: number): string {
  return jsonata(
    `{${fields}, 'ok': false, ${ERROR_FIELDS}, 'retried': $states.context.State.RetryCount > 0, 'settle': ${settle}}`,
  );
}

/**
 * The outcome of an action that failed. After a retry nobody knows what an earlier attempt has done.
 * @param of where its fields stand: `$failed.`
 */
export function outcomeOf(of = ''): string {
  return `(${of}retried or $not($exists(${of}error)) or ${of}error = '' or $contains(${of}error, /${UNKNOWN_ERRORS}/) ? 'unknown' : 'refused')`;
}

/** Whether a value is small enough, in bytes of UTF-8: what is not ASCII takes up to three. */
export function fits(value: string): string {
  const text = `$string(${value})`;
  return `($text := ${text}; $length($text) + 2 * $length($replace($text, /[ -~]+/, '')) <= ${DATA_LIMIT})`;
}

const ENVELOPED = `$type($states.input) = 'object' and $exists($states.input.\`${ENVELOPE}\`)`;

/** Whether an execution goes on with what another one left: its name says so, which only `resume()` gives. */
export const IS_RESUMED = `$contains($states.context.Execution.Name, /${RESUME}[0-9]+$/) and ${ENVELOPED}`;

/** A field of what a resumed execution is given. */
export function resumed(field: string): string {
  return jsonata(`$states.input.\`${ENVELOPE}\`.${field}`);
}

/** The saga's input: what `start()` has put into an envelope, or what the execution was started with by others. */
export const STARTED_INPUT = jsonata(`${ENVELOPED} ? $states.input.\`${ENVELOPE}\`.input : $states.input`);

/** Every state hands on the saga's input. */
export const SAME_INPUT = jsonata('$states.input');

/**
 * The list of an `each`: what is read by a plain path has to be there, since a misspelt name would be a list without items.
 * What a filter leaves may be nothing.
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
