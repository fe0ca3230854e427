import type { BindingOptions } from '../../engines/engine-worker';
import type { LocalGraph } from '../local-graph';

/** A Worker's binding in the graph. */
export interface GraphBinding {
  readonly name: string;
  /** What it is: `kv_namespace`. */
  readonly type: string;
  /** What it is bound to. */
  readonly [field: string]: unknown;
}

/** Binding targets that are not in the graph. */
export interface BindingValues {
  /** The value of a secret. */
  secret(name: string): string;
  /** The connection string for a Hyperdrive configuration. */
  connectionString(id: string): string;
  /** Minimum delay of a queue's messages, in seconds. */
  deliveryDelay(queueName: string): number;
}

/** One kind of binding: a file in this folder, listed in all.ts. */
export interface BindingKind {
  /** The kinds of resources it covers: `D1Database`. */
  readonly resources?: readonly string[];
  /** Options for the engine, by the type of the binding. */
  readonly options: Readonly<Record<string, (binding: TextBinding, values: BindingValues) => BindingOptions>>;
  /** The observer's bindings: each resource under its path. */
  observed?(graph: LocalGraph): BindingOptions;
}

/** A binding whose fields are strings, as all except a rate limit's are. */
export type TextBinding = GraphBinding & Readonly<Record<string, string>>;
