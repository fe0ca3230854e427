import type { Node, TextNode, WordNode } from './node';

/** A value of an event. */
export interface Field {
  readonly value: TextNode | WordNode;
  /** The objects in lists that it lies in, as the number of the list and the place in it. */
  readonly within: ReadonlyMap<number, number>;
}

/**
 * The values of an event by their path, whose names are joined by dots: a name with a dot is not told from two. A list
 * gives a value for each of its items, and an empty one none.
 * @param used whether a name is part of any path that is asked for
 */
export function fieldsOf(event: Node, used: (name: string) => boolean): ReadonlyMap<string, readonly Field[]> {
  const found = new Map<string, Field[]>();
  let lists = 0;

  function walk(node: Node, path: readonly string[], within: ReadonlyMap<number, number>): void {
    if (node.kind === 'object') {
      for (const [name, value] of node.members) if (used(name)) walk(value, [...path, name], within);
    } else if (node.kind === 'list') {
      const list = lists++;
      for (const [index, item] of node.items.entries()) {
        const nested = item.kind === 'object' || item.kind === 'list';
        walk(item, path, nested ? new Map([...within, [list, index]]) : within);
      }
    } else if (node.kind !== 'open') {
      const name = path.join('.');
      found.set(name, [...(found.get(name) ?? []), { value: node, within }]);
    }
  }

  walk(event, [], new Map());
  return found;
}

/** Where both lie, if they do not lie in different items of one list; undefined if they do. */
export function together(
  one: ReadonlyMap<number, number>,
  other: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> | undefined {
  for (const [list, index] of other) if ((one.get(list) ?? index) !== index) return undefined;
  return other.size === 0 ? one : new Map([...one, ...other]);
}
