import { readFileSync } from 'node:fs';
import { type JsonObject, parseJson, recordOf, text } from '../../testing/local/kernel/json';
import { type Io, UsageError } from '../io';
import { runningHere } from './place';
import { optionsOf } from '../options';

const INVOKE = `lintel invoke FUNCTION [EVENT]

Invokes a function of the 'lintel run' in this directory and prints what its
handler returns. FUNCTION is a logical id or construct path, EVENT is JSON or
@FILE; without one, {}.

Examples:
  npx lintel invoke Shop/Report '{"day":"2026-01-31"}'
  npx lintel invoke Shop/Report @event.json

Exit 0: it returned. Exit 1: the handler failed. Exit 2: nothing is running
here, or there is no such function.
`;
const SEND = `lintel send QUEUE BODY [--group ID]

Sends a message to a queue of the 'lintel run' in this directory and prints its
id. QUEUE is a logical id or construct path, BODY is text or @FILE. A FIFO queue
needs a group.

Examples:
  npx lintel send Shop/Ingest/Queue '{"reading":12}'
  npx lintel send Shop/Orders/Queue @order.json --group customer-1
`;
const FIRE = `lintel fire SCHEDULE [--at TIME]

Runs a schedule of the 'lintel run' in this directory now, as if it were TIME
(2026-01-31T03:00:00Z). SCHEDULE is a logical id, a construct path, or the name
of a schedule that a handler created.

Examples:
  npx lintel fire Shop/Nightly/Schedule
  npx lintel fire Shop/Nightly/Schedule --at 2026-01-31T03:00:00Z
`;

/** `lintel invoke`. */
export async function invoke(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parsed(argv, undefined);
  if (values.help === true) return help(INVOKE, io);
  const [name, source = '{}'] = some(positionals, 1, 2, 'name one function, and at most one event');
  const event = parseJson(contentOf(source));
  if (event === undefined) throw new UsageError('the event must be JSON, or @FILE with JSON');
  const { answer, failure } = await ask('/invoke', { name, event });
  if (failure !== undefined) {
    io.note(text(failure) ?? '');
    return 1;
  }
  io.out(`${JSON.stringify(answer, null, 2)}\n`);
  return 0;
}

/** `lintel send`. */
export async function send(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parsed(argv, 'group');
  if (values.help === true) return help(SEND, io);
  const [name, body = ''] = some(positionals, 2, 2, 'name one queue and one body');
  const { id } = await ask('/send', { name, body: contentOf(body), group: values.group });
  io.out(`${text(id)}\n`);
  return 0;
}

/** `lintel fire`. */
export async function fire(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parsed(argv, 'at');
  if (values.help === true) return help(FIRE, io);
  const [name] = some(positionals, 1, 1, 'name one schedule');
  const { at } = values;
  if (at !== undefined && Number.isNaN(Date.parse(at))) {
    throw new UsageError(`--at must be a time such as 2026-01-31T03:00:00Z, got '${at}'`);
  }
  await ask('/fire', { name, at });
  return 0;
}

function help(page: string, io: Io): number {
  io.out(page);
  return 0;
}

function parsed(argv: readonly string[], own: 'group' | 'at' | undefined) {
  const { values, positionals } = optionsOf(argv, { group: { type: 'string' }, at: { type: 'string' } });
  const foreign = (['group', 'at'] as const).find((name) => name !== own && values[name] !== undefined);
  if (foreign !== undefined) throw new UsageError(`unknown option '--${foreign}'`);
  return { values, positionals };
}

function some(given: readonly string[], min: number, max: number, message: string): readonly string[] {
  if (given.length >= min && given.length <= max) return given;
  throw new UsageError(message);
}

/** The text itself, or the content of a file. */
function contentOf(argument: string): string {
  return argument.startsWith('@') ? readFileSync(argument.slice(1), 'utf8') : argument;
}

/** @throws Error when nothing is running here, or the run refuses */
async function ask(path: string, input: JsonObject): Promise<JsonObject> {
  const place = runningHere();
  if (!place) throw new Error("nothing is running in this directory; start 'lintel run' here first");
  const response = await fetch(`${place.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${place.token}` },
    body: JSON.stringify(input),
  });
  const answer = recordOf(parseJson(await response.text()));
  if (!response.ok) throw new Error(text(answer.message) ?? `the run answered ${response.status}`);
  return answer;
}
