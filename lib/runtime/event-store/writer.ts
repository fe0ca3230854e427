import { dynamodb, variable } from './clients';
import { withBytes } from './items';
import { type Outcome, type Plan, store } from './transaction';

/**
 * Handler of the only function that may put into an event store: all or nothing, never overwriting. Its
 * callers have prepared what they send: schemas, encrypted fields, data in buckets.
 */
export function handler({ events, command }: Plan): Promise<Outcome> {
  const plan = { events: events.map((item) => withBytes(item)), ...(command && { command }) };
  return store(dynamodb(), { events: variable('EVENTS'), commands: process.env.COMMANDS }, plan);
}
