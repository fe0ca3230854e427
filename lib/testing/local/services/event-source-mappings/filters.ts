import { EventPattern, PatternError } from '../../../../core/event-pattern/event-pattern';
import type { PatternPlace } from '../../../../core/event-pattern/grammar';
import { type Node, nodeOf, readJson } from '../../../../core/event-pattern/node';
import type { JsonObject } from '../../kernel/json';

/**
 * A filter of a mapping or a pipe. An object pattern for the payload matches it as JSON, and a record without a JSON
 * payload does not pass; a list pattern compares the text, and a record with a JSON payload does not pass.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 */
export class RecordFilter {
  private readonly pattern: EventPattern;
  private readonly read: Node;

  /**
   * @param source the pattern, as JSON
   * @throws PatternError when the service refuses it
   */
  constructor(source: string, where: PatternPlace) {
    const read = readJson(source);
    if (!read) throw new PatternError({ place: '', message: `the filter '${source}' is no JSON` });
    this.read = read;
    this.pattern = new EventPattern(read, where);
  }

  /** @param field of the payload in this source's records: `body`, `data`; undefined if it is the record itself */
  passes(item: JsonObject, field?: string): boolean {
    const wanted =
      this.read.kind === 'object' ? this.read.members.filter(([name]) => name === field).at(-1)?.[1] : undefined;
    if (field === undefined || !wanted) return this.pattern.matches(nodeOf(item));
    const payload = readJson(String(item[field]));
    const structured = wanted.kind === 'object';
    if (structured !== (payload?.kind === 'object')) return false;
    return this.pattern.matches(structured && payload ? withPayload(item, field, payload) : nodeOf(item));
  }
}

/** Whether a record passes any of the filters; without filters, every record does. */
export function passes(filters: readonly RecordFilter[], item: JsonObject, field?: string): boolean {
  return filters.length === 0 || filters.some((filter) => filter.passes(item, field));
}

/** The filters of a mapping or pipe, or why its service refuses the first invalid one. */
export function filtersOf(sources: readonly string[], where: PatternPlace): readonly RecordFilter[] | string {
  try {
    return sources.map((source) => new RecordFilter(source, where));
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

/** A record with its raw payload: its numbers keep their digits. */
function withPayload(item: JsonObject, field: string, payload: Node): Node {
  const members = Object.entries(item).map(
    ([name, value]) => [name, name === field ? payload : nodeOf(value)] as const,
  );
  return { kind: 'object', members };
}
