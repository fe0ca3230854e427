import type * as messages from '@pulumi/pulumi/proto/resource_pb';
import type { Callback, Callbacks, Internals } from './internals';

/**
 * Applies the program's transforms to a registration, as the engine does: in order, each to the previous one's result.
 * @param tokens the resource's own transforms, then those of its parents, then those of the stack
 * @throws whatever a transform throws
 */
export async function applyTransforms(
  request: messages.RegisterResourceRequest,
  tokens: readonly string[],
  callbacks: Callbacks,
  protocol: Internals['messages'],
): Promise<void> {
  for (const token of tokens) {
    const question = new protocol.TransformRequest();
    question.setType(request.getType());
    question.setName(request.getName());
    question.setCustom(request.getCustom());
    question.setParent(request.getParent());
    question.setProperties(request.getObject());
    question.setOptions(optionsOf(request, protocol));
    const answer = (await callbackOf(token, callbacks)(question.serializeBinary())) as messages.TransformResponse;
    request.setObject(answer.getProperties());
    takeOptions(request, answer.getOptions() ?? new protocol.TransformResourceOptions());
  }
}

/**
 * Applies the program's invoke transforms to a call, as the engine does.
 * @throws whatever a transform throws
 */
export async function applyInvokeTransforms(
  request: messages.ResourceInvokeRequest,
  tokens: readonly string[],
  callbacks: Callbacks,
  protocol: Internals['messages'],
): Promise<void> {
  for (const token of tokens) {
    const question = new protocol.TransformInvokeRequest();
    question.setToken(request.getTok());
    question.setArgs(request.getArgs());
    question.setOptions(new protocol.TransformInvokeOptions().setProvider(request.getProvider()));
    const answer = (await callbackOf(token, callbacks)(question.serializeBinary())) as messages.TransformInvokeResponse;
    request.setArgs(answer.getArgs());
  }
}

function callbackOf(token: string, callbacks: Callbacks): Callback {
  const callback = callbacks._callbacks.get(token);
  if (!callback) throw new Error(`the SDK has lost the transform '${token}'`);
  return callback;
}

function optionsOf(
  request: messages.RegisterResourceRequest,
  { TransformResourceOptions }: Internals['messages'],
): messages.TransformResourceOptions {
  const options = new TransformResourceOptions();
  if (request.hasProtect()) options.setProtect(request.getProtect()!);
  if (request.hasRetainondelete()) options.setRetainOnDelete(request.getRetainondelete()!);
  if (request.getDeletebeforereplacedefined()) options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  options.setDependsOnList(request.getDependenciesList());
  options.setIgnoreChangesList(request.getIgnorechangesList());
  options.setReplaceOnChangesList(request.getReplaceonchangesList());
  options.setReplaceWithList(request.getReplaceWithList());
  options.setAliasesList(request.getAliasesList());
  options.setProvider(request.getProvider());
  options.setVersion(request.getVersion());
  options.setPluginDownloadUrl(request.getPlugindownloadurl());
  options.setDeletedWith(request.getDeletedwith());
  options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
  options.setImport(request.getImportid());
  options.setCustomTimeouts(request.getCustomtimeouts());
  return options;
}

function takeOptions(request: messages.RegisterResourceRequest, options: messages.TransformResourceOptions): void {
  request.setProtect(options.getProtect() ?? false);
  request.setRetainondelete(options.getRetainOnDelete() ?? false);
  request.setDeletebeforereplace(options.getDeleteBeforeReplace() ?? false);
  request.setDependenciesList(options.getDependsOnList());
  request.setIgnorechangesList(options.getIgnoreChangesList());
  request.setReplaceonchangesList(options.getReplaceOnChangesList());
  request.setReplaceWithList(options.getReplaceWithList());
  request.setAliasesList(options.getAliasesList());
  request.setProvider(options.getProvider());
  request.setDeletedwith(options.getDeletedWith());
  request.setAdditionalsecretoutputsList(options.getAdditionalSecretOutputsList());
  request.setImportid(options.getImport());
  request.setCustomtimeouts(options.getCustomTimeouts());
}
