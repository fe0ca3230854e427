/** The options of an engine Worker that a run uses; the engine's own types need a package that it does not include. */
export interface EngineWorker extends BindingOptions {
  /** The Worker's name in the account. */
  readonly name: string;
  /** The directory that module imports are relative to. */
  readonly modulesRoot?: string;
  /** The main module first. */
  readonly modules: readonly {
    readonly type: 'ESModule' | 'CommonJS' | 'CompiledWasm' | 'Data' | 'Text';
    readonly path: string;
    readonly contents: string | Uint8Array;
  }[];
  /** The runtime's behaviour, as YYYY-MM-DD. */
  readonly compatibilityDate?: string;
  readonly compatibilityFlags?: readonly string[];
  readonly assets?: {
    readonly directory: string;
    readonly binding?: string;
    readonly routerConfig: {
      readonly has_user_worker: boolean;
      readonly invoke_user_worker_ahead_of_assets: boolean;
      readonly static_routing?: { readonly user_worker: readonly string[] };
    };
    readonly assetConfig: { readonly html_handling?: string; readonly not_found_handling?: string };
  };
  /** The queues that it consumes, by name. */
  readonly queueConsumers?: ByName<{
    readonly maxBatchSize?: number;
    readonly maxBatchTimeout?: number;
    readonly maxRetries?: number;
    readonly retryDelay?: number;
    readonly deadLetterQueue?: string;
  }>;
  /** Tail Workers, notified of each invocation. */
  readonly tails?: readonly { readonly name: string; readonly props?: Readonly<Record<string, string>> }[];
  readonly unsafeDirectSockets?: readonly { readonly host: string; readonly port: number }[];
}

/** Bindings of one Worker: for each kind, options by the binding's name. */
export interface BindingOptions {
  /** Texts and JSON. */
  readonly bindings?: ByName<unknown>;
  /** Ids of D1 databases. */
  readonly d1Databases?: ByName<string>;
  readonly kvNamespaces?: ByName<string>;
  /** Names of R2 buckets. */
  readonly r2Buckets?: ByName<string>;
  /** Queues to send to, with the minimum delivery delay in seconds. */
  readonly queueProducers?: ByName<{ readonly queueName: string; readonly deliveryDelay?: number }>;
  /** Durable Object classes, and the Worker that holds them. */
  readonly durableObjects?: ByName<{
    readonly className: string;
    readonly scriptName?: string;
    readonly useSQLite: boolean;
  }>;
  /** Workflows, and the Worker that holds them. */
  readonly workflows?: ByName<{ readonly name: string; readonly className: string; readonly scriptName?: string }>;
  readonly analyticsEngineDatasets?: ByName<{ readonly dataset: string }>;
  readonly email?: { readonly send_email: readonly { readonly name: string }[] };
  readonly images?: { readonly binding: string };
  readonly pipelines?: ByName<string>;
  readonly workerLoaders?: ByName<object>;
  /** Bindings that another Worker makes. */
  readonly wrappedBindings?: ByName<{ readonly scriptName: string }>;
  readonly hyperdrives?: ByName<string>;
  /** Other Workers, or functions of the test. */
  readonly serviceBindings?: ByName<
    { readonly name: string; readonly entrypoint?: string } | ((request: Request) => Promise<Response>)
  >;
  readonly ratelimits?: ByName<{ readonly simple: { readonly limit: number; readonly period: number } }>;
}

type ByName<T> = Readonly<Record<string, T>>;
