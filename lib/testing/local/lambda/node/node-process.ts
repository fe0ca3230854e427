import type { FunctionRoute, LocalEndpoint } from '../../kernel/hosts';
import type { ErrorPayload } from '../function-errors';
import { ProcessGroup, type ProcessCommand } from '../environment/process-group';
import type { Invocation, Runtime, RuntimeEvent } from '../environment/runtime';
import type { Watchdog } from '../environment/watchdog';
import { FRAME, FrameReader, invocationFrame, roleFrame } from './frames';

/** What a process becomes; see bootstrap.js. */
export interface NodeRole {
  /** Everything that the handler sees in `process.env`. */
  readonly variables: Readonly<Record<string, string>>;
  /** The directory of the code. */
  readonly taskRoot: string;
  /** As in the template: `index.handler`. */
  readonly handler: string;
  /** Whether its runtime is Node.js 22 or older, which supports callbacks. */
  readonly callbacks: boolean;
  /** Whether the code imports modules from those directories by their path. */
  readonly imports: boolean;
  /** The local directories in place of Lambda's. */
  readonly places: {
    readonly tmp: string;
    readonly opt: string;
    readonly task: string;
    /** In place of `/var/runtime`; absent if the run has nothing there. */
    readonly runtime?: string;
    /** Directories that are never mapped, wherever they are. */
    readonly real: readonly string[];
  };
  /** Where database connections go. */
  readonly routes: readonly FunctionRoute[];
  /** Hosts whose requests go to servers of the run. */
  readonly endpoints: readonly LocalEndpoint[];
}

/** A Node.js process that runs handlers. It starts before it is assigned to a function. */
export class NodeProcess implements Runtime {
  private readonly group: ProcessGroup;
  private readonly reader = new FrameReader((kind, content) => this.take(kind, content));
  private listen: ((event: RuntimeEvent) => void) | undefined;
  private gone: ErrorPayload | undefined;

  /**
   * Starts it.
   * @param listen called with events before it becomes an environment
   */
  constructor(command: ProcessCommand, watchdog: Watchdog, listen?: (event: RuntimeEvent) => void) {
    this.listen = listen;
    this.group = new ProcessGroup(command, watchdog);
    this.group.channel?.on('data', (chunk: Buffer) => this.reader.push(chunk));
    this.group.onLine((text) => this.listen?.({ type: 'log', text }));
    this.group.onEnd((error) => {
      this.gone = error;
      this.listen?.({ type: 'ended', error });
    });
  }

  /** The id of the process. */
  get pid(): number {
    return this.group.pid;
  }

  /** Whether it is still running. */
  get alive(): boolean {
    return this.gone === undefined;
  }

  /** Turns it into a function's environment. */
  become(role: NodeRole, listen: (event: RuntimeEvent) => void): void {
    this.listen = listen;
    this.group.channel?.write(roleFrame(JSON.stringify(role)));
  }

  invoke({ event, ...head }: Invocation): void {
    this.group.channel?.write(invocationFrame(JSON.stringify(head), event));
  }

  /** Ends it and its child processes. */
  kill(reason?: ErrorPayload): void {
    this.group.kill(reason);
  }

  private take(kind: number, content: Buffer): void {
    const event = eventOf(kind, content);
    if (event) this.listen?.(event);
  }
}

function eventOf(kind: number, content: Buffer): RuntimeEvent | undefined {
  const error = () => JSON.parse(content.toString()) as ErrorPayload;
  switch (kind) {
    case FRAME.ready:
      return { type: 'ready' };
    case FRAME.initError:
      return { type: 'init-failed', error: error() };
    case FRAME.log:
      return { type: 'log', text: content.toString() };
    case FRAME.response:
      return { type: 'response', peak: content.readUInt32BE(), payload: content.subarray(4) };
    case FRAME.error:
      return { type: 'error', error: error(), last: false };
    case FRAME.last:
      return { type: 'error', error: error(), last: true };
    case FRAME.streamStart:
      return { type: 'stream-start', contentType: content.toString() };
    case FRAME.streamChunk:
      return { type: 'stream-chunk', chunk: content };
    case FRAME.streamEnd:
      return { type: 'stream-end' };
    case FRAME.streamError:
      return { type: 'stream-end', error: error() };
    case FRAME.next:
      return { type: 'next', peak: content.readUInt32BE() };
    default:
      return undefined;
  }
}
