// Stands in for Pulumi's Cloudflare and AWS providers: the real protocol, an imaginary cloud. It answers as the bridged
// providers do where the engine can tell: it takes no secrets (the engine marks outputs), supports previews, reports
// detailed differences, and asks for a replacement where the real one does.
import grpc from '@grpc/grpc-js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import struct from 'google-protobuf/google/protobuf/struct_pb.js';
import plugins from '@pulumi/pulumi/proto/plugin_pb.js';
import services from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import messages from '@pulumi/pulumi/proto/provider_pb.js';
import { Cloud } from './cloud.mjs';
import { serve, unary } from './grpc.mjs';
import { FUNCTIONS, KINDS } from './kinds.mjs';

/** @typedef {import('./cloud.mjs').Properties} Properties */
/** @typedef {{ toJavaScript(): Properties } | undefined} Struct */

/** How the engine writes a value that is known only at deployment. */
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

const cloud = new Cloud(process.env.LINTEL_CLOUD ?? 'cloud.json');

const { Kind: DIFF } = messages.PropertyDiff;

const handlers = {
  getPluginInfo: () => set(new plugins.PluginInfo(), { version: process.argv[2] ?? '1.0.0' }),
  getSchema: () => set(new messages.GetSchemaResponse(), { schema: '{}' }),
  checkConfig: (/** @type {any} */ request) => set(new messages.CheckResponse(), { inputs: request.getNews() }),
  diffConfig: () => new messages.DiffResponse(),
  configure: () =>
    set(new messages.ConfigureResponse(), { supportspreview: true, acceptresources: true, acceptsecrets: false }),
  check,
  diff,
  create,
  read,
  update,
  delete: remove,
  invoke,
  cancel: () => new empty.Empty(),
  attach: () => new empty.Empty(),
  getMapping: () => new messages.GetMappingResponse(),
  getMappings: () => new messages.GetMappingsResponse(),
};

/** @param {any} request */
function check(request) {
  const response = set(new messages.CheckResponse(), { inputs: request.getNews() });
  const kind = kindOf(request.getUrn());
  const inputs = plain(request.getNews());
  const missing = (KINDS[kind]?.required ?? []).filter((property) => inputs[property] === undefined);
  const failures = KINDS[kind] ? missing.map((one) => `Missing required property '${one}'`) : [`no such kind: ${kind}`];
  failures.forEach((reason) => response.addFailures(set(new messages.CheckFailure(), { reason })));
  return response;
}

/** @param {any} request */
function diff(request) {
  const response = set(new messages.DiffResponse(), { hasdetaileddiff: true });
  const replaces = KINDS[kindOf(request.getUrn())]?.replaces ?? [];
  for (const [path, how] of differences('', plain(request.getOldInputs()), plain(request.getNews()))) {
    const property = path.split(/[.[]/)[0] ?? '';
    const replace = replaces.includes(property);
    const kind = Reflect.get(DIFF, replace ? `${how}_REPLACE` : how);
    response.getDetaileddiffMap().set(path, set(new messages.PropertyDiff(), { kind, inputdiff: true }));
    response.addDiffs(property);
    if (replace) response.addReplaces(property);
  }
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(response.getDiffsList().length > 0 ? DIFF_SOME : DIFF_NONE);
  return response;
}

/** @param {any} request */
function create(request) {
  const kind = kindOf(request.getUrn());
  const inputs = plain(request.getProperties());
  const behaviour = KINDS[kind] ?? { required: [] };
  if (request.getPreview()) {
    return set(new messages.CreateResponse(), { properties: wire(previewed(kind, inputs)) });
  }
  const id = behaviour.id ? String(inputs[behaviour.id]) : cloud.newId(request.getUrn());
  const properties = apply('create', kind, id, inputs);
  return set(new messages.CreateResponse(), { id, properties: wire(properties) });
}

/** @param {any} request */
function update(request) {
  const kind = kindOf(request.getUrn());
  const inputs = plain(request.getNews());
  const properties = request.getPreview() ? previewed(kind, inputs) : apply('update', kind, request.getId(), inputs);
  return set(new messages.UpdateResponse(), { properties: wire(properties) });
}

/** @param {any} request */
function read(request) {
  const found = cloud.find(kindOf(request.getUrn()), request.getId());
  if (!found) return new messages.ReadResponse(); // without an id: it is gone
  const inputs = Object.keys(plain(request.getInputs()));
  return set(new messages.ReadResponse(), {
    id: request.getId(),
    properties: wire(found.properties),
    inputs: wire(Object.fromEntries(Object.entries(found.properties).filter(([name]) => inputs.includes(name)))),
  });
}

/** @param {any} request */
function remove(request) {
  const kind = kindOf(request.getUrn());
  const id = request.getId();
  const properties = cloud.find(kind, id)?.properties;
  if (properties) KINDS[kind]?.remove?.(properties, cloud);
  cloud.note({ operation: 'delete', kind, id });
  cloud.remove(kind, id);
  return new empty.Empty();
}

/** @param {any} request */
function invoke(request) {
  const name = request.getTok().split(':').at(-1);
  const answer = FUNCTIONS[name];
  if (!answer) throw new Error(`the imaginary cloud does not answer ${request.getTok()}`);
  return set(new messages.InvokeResponse(), { return: wire(answer(plain(request.getArgs()), cloud)) });
}

/**
 * @param {'create' | 'update'} operation
 * @param {string} kind
 * @param {string} id
 * @param {Properties} inputs
 */
function apply(operation, kind, id, inputs) {
  const before = cloud.find(kind, id);
  try {
    if (process.env.LINTEL_CLOUD_REFUSES === kind) throw new Error(`503 Service Unavailable: ${kind}/${id}`);
    if (operation === 'update' && !before) throw new Error(`404 Not Found: ${kind}/${id}`);
    const hidden = KINDS[kind]?.apply?.(inputs, before?.hidden, cloud) ?? {};
    const properties = { ...inputs, ...KINDS[kind]?.computed?.(inputs, id, cloud) };
    cloud.put(kind, id, { properties, hidden });
    cloud.note({ operation, kind, id, properties });
    return properties;
  } catch (error) {
    cloud.note({ operation, kind, id, properties: inputs, error: String(error) });
    throw error;
  }
}

/** What a preview says: what the cloud computes is not known yet. @param {string} kind @param {Properties} inputs */
function previewed(kind, inputs) {
  const computed = kind === 'Stack' ? ['outputs'] : Object.keys(KINDS[kind]?.computed?.(inputs, '', cloud) ?? {});
  return {
    ...inputs,
    ...Object.fromEntries(computed.filter((name) => inputs[name] === undefined).map((name) => [name, UNKNOWN])),
  };
}

/**
 * Differences leaf by leaf.
 * @param {string} path @param {any} a @param {any} b
 * @returns {[string, 'ADD' | 'DELETE' | 'UPDATE'][]}
 */
function differences(path, a, b) {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  const deep = [a, b].every((value) => typeof value === 'object' && value !== null);
  if (!deep || Array.isArray(a) !== Array.isArray(b)) {
    return [[path, a === undefined ? 'ADD' : b === undefined ? 'DELETE' : 'UPDATE']];
  }
  const below = (/** @type {string} */ name) =>
    Array.isArray(a) ? `${path}[${name}]` : path ? `${path}.${name}` : name;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) =>
    differences(below(name), a[name], b[name]),
  );
}

/** @param {string} urn */
function kindOf(urn) {
  return urn.split('::')[2]?.split(':').at(-1) ?? '';
}

/** @param {Struct} message @returns {Properties} without what the engine adds for itself */
function plain(message) {
  const all = message?.toJavaScript() ?? {};
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => !name.startsWith('__') && value !== null));
}

/** @param {Properties} properties */
function wire(properties) {
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}

/**
 * Sets fields of a message.
 * @template {object} T
 * @param {T} message
 * @param {Record<string, unknown>} fields
 */
function set(message, fields) {
  for (const [name, value] of Object.entries(fields)) {
    Reflect.apply(Reflect.get(/** @type {any} */ (message), `set${name[0]?.toUpperCase()}${name.slice(1)}`), message, [
      value,
    ]);
  }
  return message;
}

const server = new grpc.Server();
server.addService(services.ResourceProviderService, unary(handlers));
serve(server);
