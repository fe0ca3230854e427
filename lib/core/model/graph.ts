/**
 * A Pulumi program as a graph of resources: what `synthesize` of `lintel/pulumi` returns and what `readGraph` reads.
 *
 * References. Where an input comes from another resource's output, its text has a placeholder for the value:
 * `${<type>::<path>.<attribute>}`, for instance `${cloudflare:index/queue:Queue::ingest/queue.queueId}`. `type`
 * is the target's type token, `path` its path of names, `attribute` the name of the output (`id`, `arn`, `queueId`),
 * without dots. A string that is just a placeholder is a plain reference; a longer one is an interpolation. A
 * placeholder-like string that names no resource of the graph is ordinary text. `placeholder.ts` writes and reads them.
 * An attribute may reach into a computed object or list, joined by slashes:
 * `domainValidationOptions/0/resourceRecordName`.
 * An output that merely repeats an input of its resource (a queue's name) is that input's value, as in a preview.
 *
 * A resource used as an input is its `id`, as the provider receives it; a component is `{ resource: '<type>::<path>'
 * }`.
 * Account, region and partition of the deployment are written as CloudFormation writes them: `${AWS::AccountId}`.
 *
 * A secret is replaced by `SECRET_TEXT`, with its path in `secrets`; a value that is known only at deployment
 * and refers to no resource (the result of a provider function) is `UNKNOWN_TEXT`.
 */
export interface ResourceGraph {
  /** The resources, sorted by path and type. */
  readonly resources: readonly GraphResource[];
  /** The outputs of the program, by name; references as in inputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /**
   * Where the program creates resources, by `<type>::<path>`: kept apart, since a moved line is not a change.
   * @default - not known
   */
  readonly sources?: Readonly<Record<string, GraphSource>>;
}

/** A line of a program. */
export interface GraphSource {
  /** The file, relative to the directory the program ran in if it is below it. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column?: number;
}

/** One resource of a Pulumi program. */
export interface GraphResource {
  /** Type token: `cloudflare:index/queue:Queue`, `aws:lambda/function:Function`, `lintel:edge:EdgeApi`. */
  readonly type: string;
  /** Pulumi name. */
  readonly name: string;
  /** Path of names of the parent (`ingest` or `shop/ingest`); absent at the top. The resource's own path is `<parent>/<name>`. */
  readonly parent?: string;
  /** Inputs by name, as plain JSON; references as placeholders; a secret's value never appears. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Explicit dependencies, as `<type>::<path>`. */
  readonly dependsOn: readonly string[];
  /** Paths of secret inputs, names and indexes joined by dots: `bindings.0.text`. */
  readonly secrets: readonly string[];
  /** Resource options that matter to a reader: `protect`, `retainOnDelete`, `aliases`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The path of names of a resource. */
export function pathOf(resource: { readonly parent?: string; readonly name: string }): string {
  return resource.parent ? `${resource.parent}/${resource.name}` : resource.name;
}

/** Replaces a secret in inputs and outputs. */
export const SECRET_TEXT = '${secret}';

/** Replaces a value in inputs and outputs that is known only at deployment and refers to no resource. */
export const UNKNOWN_TEXT = '${unknown}';
