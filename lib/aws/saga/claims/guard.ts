import { readJsonata, type VariableUse } from '../../../core/asl/jsonata';
import { jsonataIn } from '../../../core/asl/expressions';
import { jsonata } from '../expressions';
import { CLAIM, RESULTS } from './claim';

/**
 * An expression that fails when it reads what is stored in the bucket, rather than finding nothing there.
 * @param text an expression with its marks; any other text is returned as it is
 */
export function guarded(text: string): string {
  const source = jsonataIn(text.trim());
  if (source === undefined) return text;
  const tests = [...new Set(usesIn(source).flatMap(testsOf))];
  if (tests.length === 0) return text;
  return jsonata(
    `${tests.join(' or ')} ? $error('what it reads is in the bucket: read it in a handler') : (${source})`,
  );
}

/** Guards all strings anywhere in a value. */
export function allGuarded<T>(value: T): T {
  if (typeof value === 'string') return guarded(value) as T;
  if (Array.isArray(value)) return value.map(allGuarded) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, allGuarded(inner as unknown)])) as T;
}

type Use = Pick<VariableUse, 'name' | 'path'>;

/** What an expression reads; one that contains a Token may read anything it names. */
function usesIn(source: string): readonly Use[] {
  const reading = readJsonata(source);
  if ('variables' in reading) return reading.variables;
  return ['input', 'results', 'states']
    .filter((name) => source.includes(`$${name}`))
    .map((name) => ({ name, path: [] }));
}

function testsOf({ name, path: [first] }: Use): readonly string[] {
  const claim = `\`${CLAIM}\``;
  if (name === 'input') return [`$exists($input.${claim})`];
  if (name === 'states' && (first === undefined || first === 'input')) return [`$exists($states.input.${claim})`];
  if (name !== 'results') return [];
  const step = first === undefined ? '*' : `\`${first}\``;
  return [claim, `result.${claim}`, `\`${RESULTS}\``].map((field) => `$exists($results.${step}.${field})`);
}
