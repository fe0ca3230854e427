import type { BindingOptions } from '../engines/engine-worker';

/** A binding of a Worker, as the graph holds it. */
export interface GraphBinding {
  /** The variable's name. */
  readonly name: string;
  /** What it is: `kv_namespace`. */
  readonly type: string;
  /** What it is bound to. */
  readonly [field: string]: unknown;
}

/** What a binding stands for, where the graph does not say it. */
export interface BindingValues {
  /** The value of a secret. */
  secret(name: string): string;
  /** The connection string for a Hyperdrive configuration. */
  connectionString(id: string): string;
}

type Option = (binding: Readonly<Record<string, string>>, values: BindingValues) => BindingOptions;

const OPTIONS: Readonly<Record<string, Option>> = {
  plain_text: ({ name, text }) => ({ bindings: { [name!]: text! } }),
  secret_text: ({ name }, values) => ({ bindings: { [name!]: values.secret(name!) } }),
  json: ({ name, json }) => ({ bindings: { [name!]: JSON.parse(json!) } }),
  d1: ({ name, databaseId, id }) => ({ d1Databases: { [name!]: (databaseId ?? id)! } }),
  kv_namespace: ({ name, namespaceId }) => ({ kvNamespaces: { [name!]: namespaceId! } }),
  r2_bucket: ({ name, bucketName }) => ({ r2Buckets: { [name!]: bucketName! } }),
  queue: ({ name, queueName }) => ({ queueProducers: { [name!]: { queueName: queueName! } } }),
  durable_object_namespace: ({ name, className, scriptName }) => ({
    durableObjects: { [name!]: { className: className!, scriptName, useSQLite: true } },
  }),
  workflow: ({ name, workflowName, className, scriptName }) => ({
    workflows: { [name!]: { name: workflowName!, className: className!, scriptName } },
  }),
  hyperdrive: ({ name, id }, values) => ({ hyperdrives: { [name!]: values.connectionString(id!) } }),
  service: ({ name, service, entrypoint }) => ({ serviceBindings: { [name!]: { name: service!, entrypoint } } }),
};

/** Options for one binding; undefined where the engine has nothing that behaves like it. */
export function bindingOptions(binding: GraphBinding, values: BindingValues): BindingOptions | undefined {
  if (binding.type === 'ratelimit') return rateLimit(binding);
  // The static files come with the Worker.
  if (binding.type === 'assets') return {};
  return OPTIONS[binding.type]?.(binding as Readonly<Record<string, string>>, values);
}

/** Options of several bindings together. */
export function merged(options: readonly BindingOptions[]): BindingOptions {
  const all: Record<string, object> = {};
  for (const [kind, byName] of options.flatMap((each) => Object.entries(each))) all[kind] = { ...all[kind], ...byName };
  return all;
}

function rateLimit({ name, simple }: GraphBinding): BindingOptions {
  return { ratelimits: { [name]: { simple: simple as { limit: number; period: number } } } };
}
