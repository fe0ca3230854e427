import { createHash } from 'node:crypto';
import { type Grant, WHEN } from '../core/iam/grants';
import type { Model } from '../core/model/model';

type Conditions = Readonly<Record<string, unknown>>;

/** A model's template conditions by content: only the definition identifies a condition, not its name. */
export class ConditionDefinitions {
  private readonly keys = new Map<string, string>();
  private readonly names = new Map<string, string>();

  constructor(model: Model) {
    const all = new Map<string, Set<string>>();
    for (const { conditions = {} } of model.templates.values()) {
      for (const [name, definition] of definitionsOf(conditions)) {
        all.set(name, (all.get(name) ?? new Set()).add(definition));
      }
    }
    for (const [name, definitions] of all) {
      const key = hashOf([...definitions].sort().join('\n'));
      this.keys.set(name, key);
      if (!this.names.has(key)) this.names.set(key, name);
    }
  }

  /** A grant whose template conditions are identified by content. */
  byDefinition(grant: Grant): Grant {
    return withKeys(grant, (name) => this.keys.get(name) ?? name);
  }

  /** A grant with its template conditions by name. */
  byName(grant: Grant): Grant {
    return withKeys(grant, (key) => this.names.get(key) ?? key);
  }
}

function withKeys(grant: Grant, keyOf: (key: string) => string): Grant {
  if (!grant.conditions.some(({ operator }) => operator === WHEN)) return grant;
  const conditions = grant.conditions.map((one) => (one.operator === WHEN ? { ...one, key: keyOf(one.key) } : one));
  return { ...grant, conditions };
}

/** Conditions by what they say, and by what those in them say; without recursion, as a chain may be long. */
function definitionsOf(conditions: Conditions): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  const open = new Set<string>();
  const stack = Object.keys(conditions);
  for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
    const { text, missing } = writtenOut(conditions[name], conditions, known);
    const next = open.has(name) ? [] : missing.filter((other) => !open.has(other));
    open.add(name);
    if (next.length > 0) {
      stack.push(...next);
      continue;
    }
    known.set(name, known.get(name) ?? hashOf(text));
    stack.pop();
  }
  return known;
}

/** An expression with the keys of other conditions in place of their names, where these are known. */
function writtenOut(expression: unknown, conditions: Conditions, known: ReadonlyMap<string, string>) {
  const missing: string[] = [];
  const text = JSON.stringify(expression, (_key, value: unknown) => {
    const { Condition: other } = (typeof value === 'object' && value !== null ? value : {}) as Conditions;
    if (typeof other !== 'string' || !Object.hasOwn(conditions, other)) return value;
    if (!known.has(other)) missing.push(other);
    return known.get(other) ?? other;
  });
  return { text: text ?? '', missing };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
