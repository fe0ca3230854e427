import { randomUUID } from 'node:crypto';
import { callerOf, type Event, respond, type Result } from './http';
import { insert } from './notes';

const LONGEST = 10_000;

export async function handler(event: Event): Promise<Result> {
  const text = textOf(event);
  if (text === undefined) return respond(400, { problem: `'text' must have 1 to ${LONGEST} characters` });
  const note = { owner: callerOf(event), id: randomUUID(), text };
  await insert(note);
  return respond(201, note);
}

function textOf({ body = '', isBase64Encoded }: Event): string | undefined {
  try {
    const { text } = JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body) as { text?: unknown };
    return typeof text === 'string' && text !== '' && text.length <= LONGEST ? text : undefined;
  } catch {
    return undefined; // no JSON, or null
  }
}
