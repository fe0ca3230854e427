import { createRequire } from 'node:module';
import path from 'node:path';
import type * as pulumi from '@pulumi/pulumi';
import type * as messages from '@pulumi/pulumi/proto/resource_pb';

/**
 * What the offline engine needs of Pulumi's SDK beyond its documented API: all of it is in this file, and
 * test/pulumi/internals.test.ts fails when a release of the SDK changes any of it.
 */

/** The state of one run of a program, which the SDK keeps in an AsyncLocalStorage. */
export interface Store {
  readonly settings: {
    readonly options: {
      project: string;
      stack: string;
      dryRun: boolean;
      monitorAddr: string;
      organization: string;
      parallel: number;
      rootDirectory: string;
    };
    monitor: unknown;
    rpcDone: Promise<unknown>;
  };
  /** Promises that have not settled yet; reported as leaks when the process ends. */
  readonly leakCandidates: Set<unknown>;
  /** How often the program has called `pulumi.log.error`. */
  readonly logErrorCount: number;
  /** Holds the program's transforms and hooks; the SDK's own would listen on a port. */
  callbacks?: Callbacks;
}

/** A callback of the program, as the engine calls it: with a protocol message, answered by another. */
export type Callback = (request: Uint8Array) => Promise<unknown>;

/** The part of the SDK's callback server used here. */
export interface Callbacks {
  /** The callbacks by token. */
  readonly _callbacks: ReadonlyMap<string, Callback>;
  shutdown(): void;
}

/** A method of the protocol. */
export interface Exchange {
  readonly requestType: new () => object;
  readonly responseType: new () => object;
}

/** A provider function call that the program awaits. */
export type Invoke = (token: string, ...rest: readonly unknown[]) => Promise<unknown>;

/** Runs a function with a fresh store of its own. */
export type WithLocalStorage = <T>(run: () => Promise<T>) => Promise<T>;

/** `apply` as the SDK's own code calls it: with `runWithUnknowns`, the function is also called for unknown values. */
export type Apply = (
  this: pulumi.Output<unknown>,
  run: (value: unknown) => unknown,
  runWithUnknowns?: boolean,
) => pulumi.Output<unknown>;

/** The internals, loaded on first use: the SDK takes a few hundred milliseconds. */
export interface Internals {
  readonly sdk: typeof pulumi;
  /** Gives a run a store of its own. */
  readonly withLocalStorage: WithLocalStorage;
  /** The store of the current run. */
  readonly getStore: () => Store;
  /** Waits for registrations and calls that are under way. */
  readonly waitForRPCs: () => Promise<void>;
  /** Placeholder in an output for a value known only at deployment. */
  readonly unknown: object;
  /** The SDK's callback server without its port: callbacks can be registered and retrieved. */
  readonly createCallbacks: (monitor: object) => Callbacks;
  /** Messages with which the engine requests a transform. */
  readonly messages: typeof messages;
  /** The prototype that all outputs share. */
  readonly outputPrototype: { apply: Apply };
  /** The questions asked of an engine, by method, with their request and response messages. */
  readonly monitorService: Readonly<Record<string, Exchange>>;
  /** The message that holds an object. */
  readonly Struct: { fromJavaScript(value: Record<string, unknown>): WireStruct };
  /** The object whose function the SDK uses to await a promise, recording its stack. */
  readonly debuggable: { debuggablePromise<T>(promise: Promise<T>, context?: unknown): Promise<T> };
  /** The object whose functions a program uses to call a provider's, and to serialize its own: `pulumi.runtime`. */
  readonly invokes: Record<'invoke' | 'invokeSingle', Invoke> & Pick<typeof pulumi.runtime, 'serializeFunction'>;
}

/** Loads this package's SDK: the program's own, if both are installed side by side. */
export function loadInternals(): Internals {
  return internalsOf(require, require.resolve);
}

/** Loads the SDK that a program's module uses, which may be another copy; ours if it finds none. */
export function loadInternalsOf(main: string): Internals {
  const load = createRequire(main);
  try {
    load.resolve('@pulumi/pulumi');
  } catch {
    return loadInternals();
  }
  return internalsOf(load, load.resolve);
}

function internalsOf(load: NodeJS.Require, resolve: NodeJS.Require['resolve']): Internals {
  const sdk = load('@pulumi/pulumi') as typeof pulumi;
  const state = load('@pulumi/pulumi/runtime/state') as Pick<Internals, 'withLocalStorage' | 'getStore'>;
  const settings = load('@pulumi/pulumi/runtime/settings') as Pick<Internals, 'waitForRPCs'>;
  const output = load('@pulumi/pulumi/output') as { unknown: object; Output: { prototype: { apply: Apply } } };
  const { CallbackServer } = load('@pulumi/pulumi/runtime/callbacks') as { CallbackServer: { prototype: Callbacks } };
  const { ResourceMonitorService } = load('@pulumi/pulumi/proto/resource_grpc_pb') as {
    ResourceMonitorService: Internals['monitorService'];
  };
  const besideTheSdk = { paths: [path.dirname(resolve('@pulumi/pulumi/package.json'))] };
  const { Struct } = load(resolve('google-protobuf/google/protobuf/struct_pb', besideTheSdk)) as Pick<
    Internals,
    'Struct'
  >;
  return {
    sdk,
    monitorService: ResourceMonitorService,
    Struct,
    invokes: load('@pulumi/pulumi/runtime') as Internals['invokes'],
    debuggable: load('@pulumi/pulumi/runtime/debuggable') as Internals['debuggable'],
    withLocalStorage: state.withLocalStorage,
    getStore: state.getStore,
    waitForRPCs: settings.waitForRPCs,
    unknown: output.unknown,
    outputPrototype: output.Output.prototype,
    messages: load('@pulumi/pulumi/proto/resource_pb') as Internals['messages'],
    createCallbacks: (monitor) =>
      Object.assign(Object.create(CallbackServer.prototype) as Callbacks, {
        _callbacks: new Map(),
        _monitor: monitor,
        _target: Promise.resolve('offline'),
        _server: { forceShutdown: () => undefined },
        _pendingRegistrations: 0,
        _awaitQueue: [],
      }),
  };
}

/** The SDK's wire format: markers for what an object represents, and the text of an unknown value. */
export const WIRE = {
  signature: '4dabf18193072939515e22adb298388d',
  secret: '1b47061264138c4ac30d75fd1eb44270',
  asset: 'c44067f5952c0a294b673a41bacd8c17',
  archive: '0def7320c3a5731c473e5ecbe6d01bc7',
  resource: '5cf8f73096256a8f31e491e813e4eb8e',
  unknown: '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
} as const;

/** A message of the SDK's protocol that holds an object. */
export interface WireStruct {
  /** The object, as plain JavaScript. */
  toJavaScript(): Record<string, unknown>;
}
