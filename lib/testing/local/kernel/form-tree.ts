import { isRecord, type JsonObject } from './json';

/** The parameters of a form, as the query protocol nests them: `Entries.member.1.Id` is four deep. */
export function formTree(body: Buffer): JsonObject {
  const tree = emptyTree();
  for (const [name, value] of new URLSearchParams(body.toString())) insert(tree, name.split('.'), value);
  return tree;
}

/** Without a prototype: a client may name a parameter `__proto__` or `constructor`. */
function emptyTree(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

function insert(tree: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    tree[first] = value;
    return;
  }
  const below = isRecord(tree[first]) ? (tree[first] as Record<string, unknown>) : emptyTree();
  tree[first] = below;
  insert(below, rest, value);
}
