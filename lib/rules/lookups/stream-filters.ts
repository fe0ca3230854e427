import type { Model, Resource } from '../../core/model/model';
import { at, isList, items, toText } from '../../core/model/select';
import type { Value } from '../../core/model/values';
import { streamReaders } from './stream-readers';

/** A filter of a reader of a stream. */
export interface StreamFilter {
  /** The mapping or pipe. */
  readonly reader: Resource;
  /** What it reads. */
  readonly source: Resource;
  /** The property that holds the pattern. */
  readonly property: string;
  /** Its pattern; undefined if known only at deployment. */
  readonly pattern: Value | undefined;
  /** The value as written. */
  readonly written: Value | undefined;
}

/** The filters of every reader of a table’s stream. */
export function* tableStreamFilters(model: Model): Iterable<StreamFilter> {
  for (const { reader, source } of streamReaders(model)) {
    if (!source?.type.startsWith('AWS::DynamoDB::')) continue;
    const place = reader.type === 'AWS::Pipes::Pipe' ? 'SourceParameters.FilterCriteria' : 'FilterCriteria';
    for (const [index, filter] of items(at(reader, `${place}.Filters`)).entries()) {
      const written = at(filter, 'Pattern');
      const property = `${place}.Filters.${index}.Pattern`;
      yield { reader, source, property, pattern: parsed(toText(written)), written };
    }
  }
}

function parsed(pattern: string | undefined): Value | undefined {
  try {
    return pattern === undefined ? undefined : (JSON.parse(pattern) as Value);
  } catch {
    // Lambda refuses it at deployment.
    return {};
  }
}

/** Whether every alternative in a list requires absence. */
export function asksForAbsence(value: Value | undefined): boolean {
  return isList(value) && value.length > 0 && value.every((one) => at(one, 'exists') === false);
}
