import { type GraphResource, pathOf, UNKNOWN_TEXT } from './graph';
import { readPlaceholder } from './placeholder';
import { isRecord } from '../record';

const PROVIDER = 'cloudflare:index/';
const SCRIPT = `${PROVIDER}workersScript:WorkersScript`;
const SUBDOMAIN = `${PROVIDER}workersScriptSubdomain:WorkersScriptSubdomain`;
const WORKER = `${PROVIDER}worker:Worker`;
const VERSION = `${PROVIDER}workerVersion:WorkerVersion`;
const DEPLOYMENT = `${PROVIDER}workersDeployment:WorkersDeployment`;

/** Older names of the provider's types. */
const OLDER: Readonly<Record<string, string>> = {
  [`${PROVIDER}workerScript:WorkerScript`]: SCRIPT,
  [`${PROVIDER}workerCronTrigger:WorkerCronTrigger`]: `${PROVIDER}workersCronTrigger:WorkersCronTrigger`,
  [`${PROVIDER}workerDomain:WorkerDomain`]: `${PROVIDER}workersCustomDomain:WorkersCustomDomain`,
  [`${PROVIDER}workerRoute:WorkerRoute`]: `${PROVIDER}workersRoute:WorkersRoute`,
};

/** The canonical type of a resource whose provider has several forms. */
export interface EdgeForm {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A version of a Worker, with its share of the traffic. */
export interface EdgeVersion {
  /** Its path. */
  readonly path: string;
  /** The name of its Worker. */
  readonly scriptName: string;
  /** In percent; undefined if no deployment sets it. */
  readonly share?: number;
}

/** The Workers of a graph in one form, whichever form of the provider they use. */
export interface EdgeForms {
  /** Those not yet in that form, by `<type>::<path>`. */
  readonly forms: ReadonlyMap<string, EdgeForm>;
  /** The workers.dev address, which is a separate resource in the canonical form. */
  readonly beside: readonly GraphResource[];
  readonly versions: readonly EdgeVersion[];
}

/**
 * Reads every form of a Worker as a `WorkersScript`: a `WorkerVersion` with the settings of its `Worker`, and the
 * provider's older names.
 */
export function edgeForms(resources: readonly GraphResource[]): EdgeForms {
  const byKey = new Map(resources.map((resource) => [keyOf(resource), resource]));
  const forms = new Map<string, EdgeForm>();
  const versions: EdgeVersion[] = [];
  for (const resource of resources) {
    const { type, inputs } = resource;
    if (OLDER[type] !== undefined) forms.set(keyOf(resource), { type: OLDER[type], inputs });
    if (type !== VERSION) continue;
    const worker = targetOf(inputs.workerId, byKey);
    const form = scriptOf(inputs, worker);
    forms.set(keyOf(resource), { type: SCRIPT, inputs: form });
    const share = shareOf(resource, resources, byKey);
    versions.push({
      path: pathOf(resource),
      scriptName: String(form.scriptName),
      share,
    });
  }
  return { forms, beside: resources.flatMap(addressOf), versions };
}

function keyOf(resource: GraphResource): string {
  return `${resource.type}::${pathOf(resource)}`;
}

function targetOf(value: unknown, byKey: ReadonlyMap<string, GraphResource>): GraphResource | undefined {
  const named = typeof value === 'string' ? readPlaceholder(value) : undefined;
  return named && byKey.get(`${named.type}::${named.path}`);
}

/** A version's code in a script's form: one main module and the rest. */
function scriptOf(inputs: GraphResource['inputs'], worker: GraphResource | undefined): Record<string, unknown> {
  const { modules, workerId, mainModule, ...version } = inputs;
  const all = Array.isArray(modules) ? modules.filter(isRecord) : [];
  const main = all.find(({ name }) => name === mainModule) ?? (all.length === 1 ? all[0] : undefined);
  const others = all.filter((module) => module !== main);
  const { name, observability, tailConsumers, logpush } = worker?.inputs ?? {};
  const script = {
    ...version,
    scriptName: name ?? (worker ? UNKNOWN_TEXT : workerId),
    mainModule: mainModule ?? main?.name,
    observability,
    tailConsumers,
    logpush,
    ...codeOf(main),
    files: others.length === 0 ? undefined : Object.fromEntries(others.map((module) => [String(module.name), module])),
  };
  return Object.fromEntries(Object.entries(script).filter(([, value]) => value !== undefined));
}

function codeOf(main: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  const { contentFile, contentBase64, contentSha256 } = main ?? {};
  const text = typeof contentBase64 === 'string' ? Buffer.from(contentBase64, 'base64').toString('utf8') : undefined;
  return { contentFile, contentSha256, content: text };
}

/** A version's share of the traffic: the deployment's, or all if it deploys itself. */
function shareOf(
  version: GraphResource,
  resources: readonly GraphResource[],
  byKey: ReadonlyMap<string, GraphResource>,
): number | undefined {
  if (version.inputs.deploy === true) return 100;
  const shares = resources
    .filter(({ type }) => type === DEPLOYMENT)
    .flatMap(({ inputs: { versions } }) => (Array.isArray(versions) ? versions.filter(isRecord) : []))
    .filter(({ versionId }) => targetOf(versionId, byKey) === version)
    .map(({ percentage }) => percentage);
  return typeof shares[0] === 'number' ? shares[0] : undefined;
}

/** The workers.dev address of a `Worker`. */
function addressOf(worker: GraphResource): readonly GraphResource[] {
  const { subdomain, name, accountId } = worker.inputs;
  if (worker.type !== WORKER || subdomain === undefined) return [];
  const settings = isRecord(subdomain) ? subdomain : { enabled: subdomain, previewsEnabled: subdomain };
  return [{ ...worker, type: SUBDOMAIN, inputs: { accountId, scriptName: name, ...settings }, secrets: [] }];
}
