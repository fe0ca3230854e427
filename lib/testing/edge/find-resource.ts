import { LocalRunError } from '../local/kernel/errors';
import type { LocalGraph, LocalResource } from './local-graph';

/**
 * Finds a resource by its own name, its name in the account, or its component's.
 * @param kind the last part of its type: `Queue`
 * @throws LocalRunError when there is none, or a component has several
 */
export function findResource(graph: LocalGraph, kind: string, name: string): LocalResource {
  return findAmong(graph.ofKind(kind), graph, kind, name);
}

/**
 * Like `findResource`, among given resources.
 * @throws LocalRunError when there is none, or a component has several
 */
export function findAmong(all: readonly LocalResource[], graph: LocalGraph, kind: string, name: string): LocalResource {
  const named = all.filter(({ path, name: own, inputs }) =>
    [path, own, inputs.scriptName, inputs.queueName, inputs.name, inputs.title, inputs.indexName].includes(name),
  );
  // A component's name means its main resource: a dead-letter queue goes by its own name.
  const owned = all.filter((one) => isOf(one, name) && !takesFailures(graph, one));
  if (named.length === 0 && owned.length > 1) {
    const several = owned.map(({ path }) => `'${path}'`).join(', ');
    throw new LocalRunError(`'${name}' has several of kind ${kind}: ${several}; use the name of one`);
  }
  const found = named[0] ?? owned[0];
  if (found) return found;
  throw new LocalRunError(
    `there is no ${kind} '${name}'; there are ${all.map(({ path }) => `'${path}'`).join(', ') || 'none'}`,
  );
}

/** Whether a resource belongs to a component, by its path or its name: a component may be in another. */
function isOf({ parent }: LocalResource, name: string): boolean {
  return parent === name || parent?.split('/').at(-1) === name;
}

/** Whether it is a dead-letter queue. */
function takesFailures(graph: LocalGraph, { kind, inputs }: LocalResource): boolean {
  return (
    kind === 'Queue' &&
    graph.ofKind('QueueConsumer').some(({ inputs: { deadLetterQueue } }) => deadLetterQueue === inputs.queueName)
  );
}
