import { workersAi as facts } from '../../../core/facts';
import { isRecord } from '../../../core/record';
import { ModelError } from './model-error';

/** The format of a model's answers: `response`, or OpenAI's chat completions. */
type Form = 'response' | 'choices';

/** A truncated answer. */
export interface ModelText {
  /** The full text. */
  readonly text: string;
  /** The number of words after which its stream ends, without the event `[DONE]`. Without a stream it fails. */
  readonly breaksAfter: number;
}

/**
 * Text in a platform model's format: one object, or events if the Worker requested a stream.
 * @throws ModelError for an input without a question
 */
export function textAnswer(model: string, input: unknown, text: string, breaksAfter?: number): Response {
  const form = formOf(model);
  const request = isRecord(input) ? input : {};
  if (request.messages === undefined && request.prompt === undefined) {
    throw new ModelError(
      'invalidInput',
      "Error: oneOf at '/' not met, required properties at '/' are 'prompt', 'messages'",
    );
  }
  const words = text.split(/(?<=\s)/);
  const question = count(JSON.stringify(request.messages ?? request.prompt));
  const usage = { prompt_tokens: question, completion_tokens: words.length, total_tokens: question + words.length };
  if (request.stream !== true) {
    if (breaksAfter !== undefined) throw new ModelError('timeout');
    return Response.json(whole(form, model, text, usage));
  }
  const events = [...words.map((word) => part(form, model, word)), { ...part(form, model, ''), usage }].map(event);
  const sent = breaksAfter === undefined ? [...events, 'data: [DONE]\n\n'] : events.slice(0, breaksAfter);
  return new Response(streamOf(sent), { headers: { 'content-type': 'text/event-stream' } });
}

function formOf(model: string): Form {
  const { response, choices } = facts.textAnswers.value;
  if (response.some((begin) => model.startsWith(begin))) return 'response';
  if (choices.some((begin) => model.startsWith(begin))) return 'choices';
  throw new Error(`how '${model}' answers is not known here: script the object that it gives, not a text`);
}

function whole(form: Form, model: string, text: string, usage: object): object {
  if (form === 'response') return { response: text, usage };
  const message = { role: 'assistant', content: text };
  return { ...head('chat.completion', model), choices: [{ index: 0, message, finish_reason: 'stop' }], usage };
}

function part(form: Form, model: string, text: string): object {
  if (form === 'response') return { response: text };
  return { ...head('chat.completion.chunk', model), choices: [{ index: 0, delta: { content: text } }] };
}

function head(object: string, model: string): object {
  return { id: 'id-local', object, created: 0, model };
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** Events one by one, each once the previous one was read. */
function streamOf(events: readonly string[]): ReadableStream {
  const encoder = new TextEncoder();
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next === events.length) controller.close();
      else controller.enqueue(encoder.encode(events[next++]));
    },
  });
}

function count(text: string): number {
  return text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
}
