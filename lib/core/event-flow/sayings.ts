import { listOf, type Statement } from '../iam/policy';

/** What may be published: of which sources, of which types. Undefined stands for any. */
export interface Saying {
  readonly sources?: readonly string[];
  readonly types?: readonly string[];
}

/** What a statement that allows `PutEvents` lets its holder say. */
export function sayingOf(statement: Statement): Saying {
  const [sources, types] = [valuesOf(statement, 'events:source'), valuesOf(statement, 'events:detail-type')];
  return { ...(sources && { sources }), ...(types && { types }) };
}

/** The values that a condition leaves of a key; undefined where it leaves any, or nobody can tell. */
function valuesOf({ Condition }: Statement, key: string): readonly string[] | undefined {
  for (const [operator, block] of Object.entries(Condition ?? {})) {
    if (!/^(ForAllValues:|ForAnyValue:)?String(Equals|Like)(IgnoreCase)?$/.test(operator)) continue;
    const entry = Object.entries(block).find(([name]) => name.toLowerCase() === key);
    if (entry) return listOf(entry[1]).map(String);
  }
  return undefined;
}
