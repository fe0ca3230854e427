import { dynamodb, variable } from './clients';
import { withBytes } from './items';
import { type Outcome, type Plan, store } from './transaction';

/**
 * The handler of the one function that may put into an event store: all or nothing, and never over what is there. What its
 * callers send they have made ready: schemas, encrypted fields, data in buckets.
 */
export function handler({ events, command }: Plan): Promise<Outcome> {
  const plan = { events: events.map((item) => withBytes(item)), ...(command && { command }) };
  return store(dynamodb(), { events: variable('EVENTS'), commands: process.env.COMMANDS }, plan);
}
