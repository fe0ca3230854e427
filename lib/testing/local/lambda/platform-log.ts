import { text, recordOf } from '../kernel/json';
import type { Deployed } from '../kernel/deployment';
import type { Usage } from './environment/execution-environment';
import { type FunctionError, isOfSandbox } from './function-errors';
import { memoryOf } from './variables';

/** An invocation that has ended, as Lambda reports it. */
export interface Ended {
  /** The id of the request. */
  readonly requestId: string;
  readonly usage: Usage;
  /** Why it failed; undefined where it did not. */
  readonly error?: FunctionError;
}

/**
 * The lines that Lambda itself writes to a function's log, as text or JSON as the template says.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
 */
export class PlatformLog {
  private readonly json: boolean;
  private readonly quiet: boolean;

  /** @param fn whose log it is */
  constructor(private readonly fn: Deployed) {
    const { LogFormat, SystemLogLevel } = recordOf(fn.properties.LoggingConfig);
    this.json = LogFormat === 'JSON';
    this.quiet = this.json && text(SystemLogLevel) === 'WARN';
  }

  /** An invocation begins. */
  start(requestId: string, version: string): readonly string[] {
    if (this.quiet) return [];
    return [
      this.json ? event('platform.start', { requestId, version }) : `START RequestId: ${requestId} Version: ${version}`,
    ];
  }

  end(ended: Ended): readonly string[] {
    if (this.quiet && !ended.error) return [];
    return this.json ? [this.jsonReport(ended)] : [`END RequestId: ${ended.requestId}`, this.textReport(ended)];
  }

  private textReport({ requestId, usage, error }: Ended): string {
    const sandbox = error && isOfSandbox(error.payload) ? error.errorType : undefined;
    return [
      `REPORT RequestId: ${requestId}`,
      `Duration: ${usage.duration.toFixed(2)} ms`,
      `Billed Duration: ${billed(usage)} ms`,
      `Memory Size: ${memoryOf(this.fn)} MB`,
      ...(usage.memory === undefined ? [] : [`Max Memory Used: ${usage.memory} MB`]),
      ...(usage.init === undefined ? [] : [`Init Duration: ${usage.init.toFixed(2)} ms`]),
      ...(sandbox === undefined ? [] : statusOf(sandbox)),
    ].join('\t');
  }

  private jsonReport({ requestId, usage, error }: Ended): string {
    const status = error?.errorType === 'Sandbox.Timedout' ? 'timeout' : error ? 'error' : 'success';
    return event('platform.report', {
      requestId,
      status,
      ...(error && status === 'error' && { errorType: error.errorType }),
      metrics: {
        durationMs: round(usage.duration),
        billedDurationMs: billed(usage),
        memorySizeMB: memoryOf(this.fn),
        ...(usage.memory !== undefined && { maxMemoryUsedMB: usage.memory }),
        ...(usage.init !== undefined && { initDurationMs: round(usage.init) }),
      },
    });
  }
}

function statusOf(errorType: string): readonly string[] {
  return errorType === 'Sandbox.Timedout' ? ['Status: timeout'] : ['Status: error', `Error Type: ${errorType}`];
}

/** Initialization is billed as well. */
function billed({ duration, init = 0 }: Usage): number {
  return Math.ceil(duration + init);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function event(type: string, fields: object): string {
  return JSON.stringify({ time: new Date().toISOString(), type, record: fields });
}
