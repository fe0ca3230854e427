import { runInThisContext } from 'node:vm';
import type * as Package from 'miniflare';
import { LocalRunError, messageOf } from '../local/kernel/errors';
import type { LogEntry } from '../local/kernel/logs';
import { separateStorages } from './asset-storage';
import { guardDatabaseSockets } from './database-sockets';
import type { EngineWorker } from './engine-worker';
import { nodeService } from './node-service';
import { watching } from './watchdog';

/** The runtime with its Workers. */
export interface Engine {
  readonly engine: Package.Miniflare;
  /** Addresses by the Worker's name in the account. */
  readonly urls: ReadonlyMap<string, string>;
  readonly stop: () => Promise<void>;
}

/** What surrounds the Workers. */
export interface Surroundings {
  /** The name of the Worker that receives other Workers' outbound requests. */
  readonly outbound?: string;
  /** Called with each line that a Worker logs. */
  readonly onLog: (entry: LogEntry) => void;
  /** The name of the Worker that listens on another one's port. */
  readonly doorOf: (worker: string) => string;
}

/**
 * Starts the Workers in one runtime, each on the port of its door on 127.0.0.1.
 * @param workers the program's
 * @param beside the run's
 * @throws LocalRunError when the package is missing or a Worker does not start
 */
export async function startEngine(
  workers: readonly EngineWorker[],
  beside: readonly EngineWorker[],
  { outbound, onLog, doorOf }: Surroundings,
): Promise<Engine> {
  const miniflare = loadMiniflare();
  separateStorages(miniflare);
  // The runtime does not tell which of several Workers wrote a line.
  const source = workers.length === 1 ? workers[0]!.name : 'Workers';
  // The runtime's output before it is up explains a failed start.
  let reasons: string[] | undefined = [];
  const engine = new miniflare.Miniflare({
    host: '127.0.0.1',
    port: 0,
    // No lookup of the machine's location.
    cf: false,
    log: new miniflare.NoOpLog(),
    structuredWorkerdLogs: true,
    handleStructuredLogs: ({ message }: { readonly message: string }) => {
      reasons?.push(message);
      onLog({ time: Date.now(), source, message });
    },
    workers: [
      ...beside,
      ...workers.map((worker) => ({
        ...worker,
        ...(outbound !== undefined && { outboundService: { name: outbound } }),
      })),
    ].map((worker) => withServices(miniflare, worker)),
  });
  const unguard = guardDatabaseSockets();
  try {
    await watching('workerd', () => engine.ready);
    reasons = undefined;
    const urls = new Map<string, string>();
    for (const { name } of workers) urls.set(name, (await engine.unsafeGetDirectURL(doorOf(name))).href);
    return { engine, urls, stop: () => engine.dispose().finally(unguard) };
  } catch (error) {
    await engine.dispose().catch(() => undefined);
    unguard();
    throw new LocalRunError(`the Workers runtime did not start: ${[messageOf(error), ...(reasons ?? [])].join('\n')}`);
  }
}

/**
 * Loads the package in the process's own context: under jest each test file has a context of its own, whose `Error` is
 * not Node's, and the package would not recognise that a file is missing.
 */
function loadMiniflare(): typeof Package {
  const { getBuiltinModule } = runInThisContext('process') as Partial<NodeJS.Process>;
  const load = getBuiltinModule?.('node:module').createRequire(__filename) ?? require; // Node.js 20.16 and later have it
  try {
    return load('miniflare') as typeof Package;
  } catch (error) {
    if (!String(error).includes("'miniflare'")) throw error;
    throw new LocalRunError("the package 'miniflare' is not installed; run 'npm install --save-dev miniflare'");
  }
}

/** Adapts the test's services to the engine's Request and Response. */
function withServices(miniflare: typeof Package, { serviceBindings, ...worker }: EngineWorker) {
  const services = Object.entries(serviceBindings ?? {}).map(([name, service]) => [
    name,
    typeof service === 'function' ? nodeService(miniflare, service) : service,
  ]);
  return { ...worker, ...(serviceBindings && { serviceBindings: Object.fromEntries(services) as object }) };
}

/** Prints a line; the default without a listener. */
export function print({ message }: LogEntry): void {
  process.stderr.write(`${message}\n`);
}
