import type { LocalRunOptions } from '../options';
import type { ServiceOptions } from './service';

/** The user's options for the services, with defaults. */
export function serviceOptions(options: LocalRunOptions): ServiceOptions {
  return {
    secrets: options.secrets ?? {},
    parameters: options.parameters ?? {},
    backends: options.backends ?? {},
    retryDelay: options.retryDelay ?? 50,
    maxEnvironments: options.maxEnvironments ?? 10,
    faults: options.faults ?? 0,
    seed: options.seed ?? 1,
    ...(options.engine && { engine: options.engine }),
  };
}
