import { listOf, type Statement } from '../iam/policy';

/** What may be published: sources and types. Undefined means any. */
export interface Saying {
  readonly sources?: readonly string[];
  readonly types?: readonly string[];
}

/** What a statement that allows `PutEvents` lets its holder publish. */
export function sayingOf(statement: Statement): Saying {
  const [sources, types] = [valuesOf(statement, 'events:source'), valuesOf(statement, 'events:detail-type')];
  return { ...(sources && { sources }), ...(types && { types }) };
}

/** The values that a condition allows for a key; undefined if any, or if unknown. */
function valuesOf({ Condition }: Statement, key: string): readonly string[] | undefined {
  for (const [operator, block] of Object.entries(Condition ?? {})) {
    if (!/^(ForAllValues:|ForAnyValue:)?String(Equals|Like)(IgnoreCase)?$/.test(operator)) continue;
    const entry = Object.entries(block).find(([name]) => name.toLowerCase() === key);
    if (entry) return listOf(entry[1]).map(String);
  }
  return undefined;
}
