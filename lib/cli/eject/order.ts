import { subVariables } from '../../core/model/sub-text';
import { isRecord, type JsonObject } from '../../core/record';

/** Sorts resources so that each comes after those it refers to, otherwise keeping their order. */
export function inOrder(ids: readonly string[], resources: Readonly<Record<string, JsonObject>>): readonly string[] {
  const own = new Set(ids);
  const done = new Set<string>();
  const visit = (id: string): void => {
    if (!own.has(id) || done.has(id)) return;
    done.add(id);
    for (const needed of referred(resources[id])) visit(needed);
    order.push(id);
  };
  const order: string[] = [];
  ids.forEach(visit);
  return order;
}

/** Logical ids that a part of a template refers to, including `DependsOn`. */
export function* referred(value: unknown, key?: string): Iterable<string> {
  if (typeof value === 'string') {
    if (key === 'Ref' || key === 'DependsOn') yield value;
    else if (key === 'Fn::GetAtt') yield value.split('.')[0]!;
    else if (key === 'Fn::Sub') for (const name of subVariables(value)) yield name.split('.')[0]!;
  } else if (Array.isArray(value)) {
    const [first] = value as readonly unknown[];
    if (key === 'Fn::GetAtt' && typeof first === 'string') yield first;
    else if (key === 'Fn::Sub') {
      yield* referred(first, key);
      yield* referred(value[1]);
    } else for (const one of value) yield* referred(one, key === 'DependsOn' ? key : undefined);
  } else if (isRecord(value)) {
    for (const [name, one] of Object.entries(value)) yield* referred(one, name);
  }
}
