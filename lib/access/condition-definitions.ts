import { createHash } from 'node:crypto';
import { type Grant, WHEN } from '../core/iam/grants';
import type { Model } from '../core/model/model';

/** Conditions nested deeper than this are named rather than written out. */
const MAX_DEPTH = 20;

/** A model's template conditions by content: only the definition identifies a condition, not its name. */
export class ConditionDefinitions {
  private readonly keys = new Map<string, string>();
  private readonly names = new Map<string, string>();

  constructor(model: Model) {
    const all = new Map<string, Set<string>>();
    for (const { conditions = {} } of model.templates.values()) {
      for (const name of Object.keys(conditions)) {
        const definition = JSON.stringify(writtenOut({ Condition: name }, conditions, 0));
        all.set(name, (all.get(name) ?? new Set()).add(definition));
      }
    }
    for (const [name, definitions] of all) {
      const key = createHash('sha256')
        .update([...definitions].sort().join('\n'))
        .digest('hex');
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

/** An expression with condition names replaced by their definitions. */
function writtenOut(expression: unknown, conditions: Readonly<Record<string, unknown>>, depth: number): unknown {
  if (Array.isArray(expression)) return expression.map((item) => writtenOut(item, conditions, depth));
  if (typeof expression !== 'object' || expression === null) return expression;
  const { Condition } = expression as { readonly Condition?: unknown };
  if (typeof Condition === 'string' && Object.hasOwn(conditions, Condition) && depth < MAX_DEPTH)
    return writtenOut(conditions[Condition], conditions, depth + 1);
  return Object.fromEntries(
    Object.entries(expression).map(([name, value]) => [name, writtenOut(value, conditions, depth)]),
  );
}
