import type { BindingOptions, EngineWorker } from '../../engines/engine-worker';
import type { LocalGraph } from '../local-graph';
import { ownWorker } from '../own-worker';
import { ModelError } from './model-error';
import { type ModelCall, type ScriptedModel, scriptedModel } from './scripted-model';

/** The name of the Worker that creates bindings to unscripted models. */
export const MODELS = 'lintel-ai';

/** The Worker that creates bindings to unscripted models: embedding models answer, others report what is missing. */
export function unscriptedModels(graph: LocalGraph): EngineWorker {
  return modelWorker(MODELS, scriptedModel(), graph);
}

function modelWorker(name: string, models: ScriptedModel, graph: LocalGraph): EngineWorker {
  const gateways = graph.ofKind('AiGateway').map(({ inputs }) => inputs.aiGatewayId);
  return { name, ...ownWorker('ai'), serviceBindings: { SERVICE: modelService(models, gateways) } };
}

/** Options for a binding to scripted models. */
export function modelOptions(
  name: string,
  id: string,
  models: ScriptedModel,
  graph: LocalGraph,
  workers: EngineWorker[],
): BindingOptions {
  const scriptName = `${MODELS}-${id}`;
  workers.push(modelWorker(scriptName, models, graph));
  return { wrappedBindings: { [name]: { scriptName } } };
}

/**
 * Answers the runtime's own Workers AI client.
 * @param gateways names of the existing gateways
 */
function modelService(models: ScriptedModel, gateways: readonly unknown[]) {
  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (!RUN.includes(pathname)) return notRun(pathname);
    const { inputs, options = {} } = (await request.json()) as {
      readonly inputs: ModelCall['input'];
      readonly options?: ModelCall['options'];
    };
    const model = request.headers.get('cf-consn-model-id') ?? '';
    try {
      checkOptions(options, gateways);
      return await models.answer({ model, input: inputs, options });
    } catch (error) {
      if (error instanceof ModelError) {
        const { code: internalCode, message: description, status } = error;
        return Response.json(
          { name: 'InferenceUpstreamError', internalCode, description, message: description },
          { status },
        );
      }
      return failed(error instanceof Error ? error.message : String(error));
    }
  };
}

/** The client's paths to a model: directly, or through a gateway. */
const RUN: readonly string[] = ['/run', '/ai-gateway/run'];

/** Requests for models or Markdown expect JSON with errors; all others take the raw body. */
function notRun(pathname: string): Response {
  const message = `only 'run' of Workers AI is supported here, not '${pathname}'`;
  return /^\/(ai-gateway|autorag|ai-search)\//.test(pathname)
    ? failed(message)
    : Response.json({ success: false, errors: [{ message }] }, { status: 500 });
}

/** Anything but JSON becomes the message of the Worker's error. */
function failed(message: string): Response {
  return new Response(message, { status: 500 });
}

function checkOptions(options: ModelCall['options'], gateways: readonly unknown[]): void {
  for (const name of ['queueRequest', 'websocket']) {
    if (options[name]) throw new Error(`'${name}' of Workers AI is not run here`);
  }
  const { id } = Object(options.gateway) as { readonly id?: unknown };
  if (id === undefined || gateways.includes(id)) return;
  throw new Error(
    `the program creates no gateway '${String(id)}': the platform answers '2001: Please configure AI Gateway in the Cloudflare dashboard'`,
  );
}
