/**
 * A Pulumi program as a graph of resources: what `synthesize` of `lintel/pulumi` returns and what `readGraph` reads.
 *
 * References. Wherever an input came from another resource's output, its text holds a placeholder in the place of the
 * value: `${<type>::<path>.<attribute>}`, for instance `${cloudflare:index/queue:Queue::ingest/queue.queueId}`. `type`
 * is the target's type token, `path` its path of names, `attribute` the name of the output (`id`, `arn`, `queueId`),
 * without dots. A text that is nothing but one placeholder is a plain reference; a longer text is an interpolation.
 * What looks like a placeholder and names no resource of the graph is ordinary text. `placeholder.ts` writes and reads them.
 * An attribute may go on into a computed object or list, joined by slashes: `domainValidationOptions/0/resourceRecordName`.
 * An output that merely repeats an input of its resource (a queue's name) is that input's value, as in a preview.
 *
 * A resource that is itself an input is its `id`, as a provider is given it; a component is `{ resource: '<type>::<path>' }`.
 * Account, region and partition of the deployment are written as CloudFormation writes them: `${AWS::AccountId}`.
 *
 * Where a secret stood the text is `SECRET_TEXT`, and its path is in `secrets`; a value that is known only at deployment
 * and refers to no resource (the result of a provider function) is `UNKNOWN_TEXT`.
 */
export interface ResourceGraph {
  /** The resources, sorted by path and type. */
  readonly resources: readonly GraphResource[];
  /** The outputs of the program, by name; references as in inputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /**
   * Where in the program resources are made, by `<type>::<path>`: beside the resources, since a moved line is no change.
   * @default - not known
   */
  readonly sources?: Readonly<Record<string, GraphSource>>;
}

/** A line of a program. */
export interface GraphSource {
  /** The file, relative to the directory that the program was run in where it is below. */
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

/** Stands in an input or output in the place of a secret. */
export const SECRET_TEXT = '${secret}';

/** Stands in an input or output for a value that is known only at deployment and refers to no resource. */
export const UNKNOWN_TEXT = '${unknown}';
