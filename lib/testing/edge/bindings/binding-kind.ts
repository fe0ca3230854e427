import type { BindingOptions } from '../../engines/engine-worker';
import type { LocalGraph } from '../local-graph';

/** A binding of a Worker, as the graph holds it. */
export interface GraphBinding {
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
  /** Seconds that messages of a queue wait at least. */
  deliveryDelay(queueName: string): number;
}

/** One kind of binding: a file in this folder, listed in all.ts. */
export interface BindingKind {
  /** The kinds of resources that it stands in for: `D1Database`. */
  readonly resources?: readonly string[];
  /** Options for the engine, by the type of the binding. */
  readonly options: Readonly<Record<string, (binding: TextBinding, values: BindingValues) => BindingOptions>>;
  /** What the observer is bound to: each resource under its path. */
  observed?(graph: LocalGraph): BindingOptions;
}

/** A binding whose fields are texts, as all but a rate limit's are. */
export type TextBinding = GraphBinding & Readonly<Record<string, string>>;
