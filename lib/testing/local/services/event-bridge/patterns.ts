import { EventPattern, PatternError } from '../../../../core/event-pattern/event-pattern';
import { type Node, nodeOf, readJson } from '../../../../core/event-pattern/node';
import type { JsonObject } from '../../kernel/json';

/** Patterns of rules and archives, compiled once. */
export class Patterns {
  private readonly known = new Map<unknown, EventPattern | string>();

  /** Compiles a pattern, an object or JSON in templates; or returns why EventBridge refuses it. */
  of(pattern: unknown): EventPattern | string {
    const known = this.known.get(pattern);
    if (known !== undefined) return known;
    const made = compile(pattern);
    this.known.set(pattern, made);
    return made;
  }

  /** Whether an event matches; nothing matches a refused or missing pattern. */
  matches(pattern: unknown, event: Node): boolean {
    const read = pattern === undefined ? undefined : this.of(pattern);
    return read instanceof EventPattern && read.matches(event);
  }
}

function compile(pattern: unknown): EventPattern | string {
  const read = typeof pattern === 'string' ? readJson(pattern) : nodeOf(pattern);
  try {
    return new EventPattern(read ?? { kind: 'open' }, 'bus');
  } catch (error) {
    if (error instanceof PatternError) return `Event pattern is not valid. Reason: ${error.message}`;
    throw error;
  }
}

/** An event as patterns see it. @param detail its raw detail, whose numbers may have many digits */
export function nodeOfEvent(event: JsonObject, detail: string | undefined): Node {
  const read = detail === undefined ? undefined : readJson(detail);
  const members = Object.entries(event).map(
    ([name, value]) => [name, (name === 'detail' ? read : undefined) ?? nodeOf(value)] as const,
  );
  return { kind: 'object', members };
}
