import { workersAi as facts } from '../../../core/facts';
import { embeddingsOf } from './embeddings';
import { ModelError } from './model-error';
import { type ModelText, textAnswer } from './texts';

/** A model's answer: text, bytes, raw data, or an error. */
export type ModelAnswer = string | ModelText | Uint8Array | Error | Readonly<Record<string, unknown>>;

/**
 * A model's script: a constant answer, successive answers, or a function of the input; undefined from the function
 * means the unscripted answer.
 */
export type ModelScript =
  | ModelAnswer
  | readonly ModelAnswer[]
  | ((
      input: Readonly<Record<string, unknown>>,
      call: number,
    ) => ModelAnswer | undefined | Promise<ModelAnswer | undefined>);

/** A Worker's request to a model. */
export interface ModelCall {
  /** Which model. */
  readonly model: string;
  /** The input. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The options: `{ gateway: { id } }`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Scripted models for a run. */
export class ScriptedModel {
  /** The requests, in order. */
  readonly calls: ModelCall[] = [];

  constructor(private readonly script: Readonly<Record<string, ModelScript>>) {}

  /**
   * What the platform answers.
   * @internal
   */
  async answer(call: ModelCall): Promise<Response> {
    const before = this.calls.filter(({ model }) => model === call.model).length;
    this.calls.push(call);
    const { model, input } = call;
    const script = this.script[model];
    if (script === undefined) return this.unscripted(call);
    const response = await responseOf(script, call, before);
    if (response === undefined) return this.unscripted(call);
    if (response instanceof Error) throw response;
    if (typeof response === 'string') return textAnswer(model, input, response);
    if (response instanceof Uint8Array)
      return new Response(response, { headers: { 'content-type': 'application/octet-stream' } });
    if (isBroken(response)) return textAnswer(model, input, response.text, response.breaksAfter);
    return Response.json(response);
  }

  private unscripted({ model, input }: ModelCall): Response {
    const embedding = facts.embeddingModels.value[model];
    if (embedding) return Response.json(embeddingsOf(input, embedding));
    if (!/^(@\w+\/)?[\w.-]+\/[\w.-]+$/.test(model))
      throw new ModelError('noSuchModel', `No such model ${model} or task`);
    const known = Object.keys(this.script);
    throw new Error(
      `nothing is scripted for '${model}'${known.length > 0 ? `, only for '${known.join("', '")}'` : ''}: bindings: { <name>: scriptedModel({ '${model}': 'an answer' }) }`,
    );
  }
}

/**
 * Models of Workers AI for a local run, in the place of the binding: `bindings: { AI: scriptedModel({ ... }) }`. Text
 * is returned in the model's format, streams included; embedding models need no script. The Worker uses the runtime's
 * own client, and catches errors like the platform's.
 * @param script answers by model name
 * @example
 * const ai = scriptedModel({ '@cf/meta/llama-3.2-3b-instruct': ['14 days.', new ModelError('outOfCapacity')] });
 * const run = await runEdgeLocally(program, { bindings: { AI: ai } });
 */
export function scriptedModel(script: Readonly<Record<string, ModelScript>> = {}): ScriptedModel {
  return new ScriptedModel(script);
}

async function responseOf(script: ModelScript, { model, input }: ModelCall, before: number) {
  if (typeof script === 'function') return script(input, before);
  if (!Array.isArray(script)) return script as ModelAnswer;
  const answers = script as readonly ModelAnswer[];
  if (before < answers.length) return answers[before]!;
  throw new Error(`'${model}' was asked ${before + 1} times; scripted answers: ${answers.length}`);
}

function isBroken(response: object): response is ModelText {
  return 'text' in response && 'breaksAfter' in response;
}
