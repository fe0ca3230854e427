import { type GraphResource, pathOf, type ResourceGraph, SECRET_TEXT, UNKNOWN_TEXT } from '../../core/model/graph';
import { type EdgeVersion, edgeForms } from '../../core/model/edge-workers';
import { replacePlaceholders } from '../../core/model/placeholder';
import { LocalRunError } from '../local/kernel/errors';
import type { Unsupported } from '../local/kernel/unsupported';

/** A resource of the graph with concrete inputs for the local engines. */
export interface LocalResource extends GraphResource {
  /** Its path of names; also its id, in place of Cloudflare's. */
  readonly path: string;
  /** The last part of its type: `Queue`. */
  readonly kind: string;
}

type Inputs = Readonly<Record<string, unknown>>;

/** Resources whose id is their name. */
const NAMED: Readonly<Record<string, string>> = { WorkersScript: 'scriptName', R2Bucket: 'name' };

const RUN_HERE = /^cloudflare:|:(SqlMigrations|VectorIndex)$/;

/**
 * A graph without references: an output that repeats an input is that input, a Cloudflare id is the resource's path,
 * and other deployment-time values come from the caller.
 */
export class LocalGraph {
  readonly resources: readonly LocalResource[];
  /** Versions of Workers that are not run. */
  readonly idle: readonly Unsupported[];
  private readonly byId: ReadonlyMap<string, GraphResource>;
  private readonly missing = new Set<string>();

  /** @param outputs values of outputs, by `<path>.<attribute>` */
  constructor(
    graph: ResourceGraph,
    private readonly outputs: Readonly<Record<string, string>>,
  ) {
    this.byId = new Map(graph.resources.map((resource) => [`${resource.type}::${pathOf(resource)}`, resource]));
    const { forms, beside, versions } = edgeForms(graph.resources);
    this.idle = idleAmong(versions);
    const idle = new Set(this.idle.map(({ resource }) => resource));
    this.resources = [...graph.resources, ...beside].flatMap((resource): LocalResource[] => {
      const { type, inputs } = forms.get(`${resource.type}::${pathOf(resource)}`) ?? resource;
      if (type !== resource.type && idle.has(pathOf(resource))) return [];
      const made = { ...resource, type, path: pathOf(resource), kind: type.split(':').at(-1) ?? '' };
      // Resources of other clouds are not run here, so their inputs need not be known.
      return [{ ...made, inputs: RUN_HERE.test(type) ? (this.concrete(inputs) as Inputs) : inputs }];
    });
    if (this.missing.size > 0) {
      const names = [...this.missing].sort();
      throw new LocalRunError(
        `the program reads what is known only at deployment: ${names.join(', ')}; pass a value for each, for instance outputs: { '${names[0]}': '...' }`,
      );
    }
  }

  /** Cloudflare's resources of some kinds. */
  ofKind(...kinds: readonly string[]): readonly LocalResource[] {
    return this.resources.filter(({ type, kind }) => type.startsWith('cloudflare:') && kinds.includes(kind));
  }

  private concrete(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.concrete(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.concrete(item)]));
  }

  private text(value: string): string {
    return replacePlaceholders(value, ({ type, path, attribute }, whole) => {
      const resource = this.byId.get(`${type}::${path}`);
      if (!resource) return whole;
      const given = this.outputs[`${path}.${attribute}`];
      if (given !== undefined) return given;
      const input = resource.inputs[attribute];
      if (typeof input === 'string' && input !== SECRET_TEXT && input !== UNKNOWN_TEXT) return this.text(input);
      const name = attribute === 'id' ? resource.inputs[NAMED[type.split(':').at(-1)!] ?? ''] : undefined;
      if (typeof name === 'string') return this.text(name);
      if (type.startsWith('cloudflare:')) return path;
      this.missing.add(`${path}.${attribute}`);
      return whole;
    });
  }
}

/** Of several versions of a Worker, the one with the largest share runs; of equal ones, the last. */
function idleAmong(versions: readonly EdgeVersion[]): readonly Unsupported[] {
  const chosen = new Map<string, EdgeVersion>();
  for (const version of versions) {
    const other = chosen.get(version.scriptName);
    if (!other || (version.share ?? 0) >= (other.share ?? 0)) chosen.set(version.scriptName, version);
  }
  return versions
    .filter((version) => chosen.get(version.scriptName) !== version)
    .map(({ path, scriptName, share = 0 }) => ({
      resource: path,
      type: 'cloudflare:index/workerVersion:WorkerVersion',
      reason: `it is a version with ${share}% of the requests; '${chosen.get(scriptName)!.path}' is run for all`,
    }));
}
