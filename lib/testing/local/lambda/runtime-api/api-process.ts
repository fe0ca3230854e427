import { messageOf } from '../../kernel/errors';
import type { ErrorPayload } from '../function-errors';
import { peakOf } from '../environment/memory';
import { type ProcessCommand, ProcessGroup } from '../environment/process-group';
import type { Invocation, Runtime, RuntimeEvent } from '../environment/runtime';
import type { Watchdog } from '../environment/watchdog';
import { RuntimeApi } from './runtime-api';

/** A program that polls for invocations through the Lambda Runtime API, on its own address. */
export class ApiProcess implements Runtime {
  private readonly api: RuntimeApi;
  private group: ProcessGroup | undefined;
  private killed = false;

  constructor(
    command: Omit<ProcessCommand, 'channel'>,
    watchdog: Watchdog,
    private readonly listen: (event: RuntimeEvent) => void,
  ) {
    this.api = new RuntimeApi((event) => listen(this.withPeak(event)));
    this.start(command, watchdog).catch((error: unknown) =>
      this.end({ errorType: 'LocalRun.Failed', errorMessage: messageOf(error) }),
    );
  }

  /** The id of the process; 0 before it is started. */
  get pid(): number {
    return this.group?.pid ?? 0;
  }

  invoke(invocation: Invocation): void {
    this.api.offer(invocation);
  }

  /** Ends it and its child processes. */
  kill(reason?: ErrorPayload): void {
    this.killed = true;
    this.group?.kill(reason);
    this.api.stop();
  }

  private withPeak(event: RuntimeEvent): RuntimeEvent {
    if (event.type !== 'response' && event.type !== 'next') return event;
    const peak = peakOf(this.pid);
    return peak === undefined ? event : { ...event, peak };
  }

  private async start(command: Omit<ProcessCommand, 'channel'>, watchdog: Watchdog): Promise<void> {
    const address = await this.api.start();
    if (this.killed) return;
    const env = { ...command.env, AWS_LAMBDA_RUNTIME_API: address };
    this.group = new ProcessGroup({ ...command, env, channel: false }, watchdog);
    this.group.onLine((text) => this.listen({ type: 'log', text }));
    this.group.onEnd((error) => this.end(error));
  }

  private end(error: ErrorPayload): void {
    this.api.stop();
    this.listen({ type: 'ended', error });
  }
}
