import type { FunctionTarget } from '../lambda/functions';
import type { MappingSettings } from '../services/event-source-mappings/settings';

/** A queue or stream that Lambda can read for a function. */
export interface EventSource {
  /** What the function's role must be allowed: without it, as on AWS, the mapping is not made. */
  readonly actions: readonly string[];
  /** Why Lambda refuses a mapping with these settings; undefined when it does not. */
  refusal?(target: FunctionTarget, settings: MappingSettings): string | undefined;
  /** What reads it for a function. */
  poller(target: FunctionTarget, settings: MappingSettings): Poller;
}

/** Something that reads a source and calls a function. */
export interface Poller {
  /** Begins to read. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** What is still to be worked on: `3 messages`; undefined when nothing is. */
  pending(): Promise<string | undefined>;
}
