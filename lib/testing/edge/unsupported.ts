import type { Unsupported } from '../local/kernel/unsupported';
import { BOUND_RESOURCES } from './bindings/all';
import type { LocalGraph } from './local-graph';

/** Kinds of resources that a run emulates, or does not need since everything is on 127.0.0.1. */
const RUN: ReadonlySet<string> = new Set([
  'Worker',
  'WorkersDeployment',
  'WorkersScript',
  'WorkersScriptSubdomain',
  'WorkersRoute',
  'WorkersCustomDomain',
  'WorkersCronTrigger',
  'Stash',
  ...BOUND_RESOURCES,
]);

/** What the program declares but a run does not support. */
export function unsupportedResources(graph: LocalGraph): readonly Unsupported[] {
  const kinds = graph.resources
    .filter(({ type, kind, path }) => !type.startsWith('lintel:') && !RUN.has(kind) && !waysToPools(graph).has(path))
    .map(({ type, path }) => ({ resource: path, type, reason: 'this type is not run' }));
  return [...graph.idle, ...sharedRequests(graph), ...kinds, ...unmappedQueues(graph)];
}

/** Resources for reaching databases that the run replaces. */
function waysToPools(graph: LocalGraph): ReadonlySet<unknown> {
  return new Set(
    graph.ofKind('HyperdriveConfig').map(({ inputs }) => (inputs.origin as { serviceId?: string }).serviceId),
  );
}

/** Deployments that send requests to versions outside the program. */
function sharedRequests(graph: LocalGraph): readonly Unsupported[] {
  const own = [...graph.resources.map(({ path }) => path), ...graph.idle.map(({ resource }) => resource)];
  return graph.ofKind('WorkersDeployment').flatMap(({ type, path, inputs }) => {
    const versions = (inputs.versions ?? []) as readonly { readonly versionId: string; readonly percentage: number }[];
    const others = versions.filter(({ versionId }) => !own.includes(versionId));
    const left = others.reduce((sum, { percentage }) => sum + percentage, 0);
    const reason = `it leaves ${left}% of the requests to a version that the program does not create; here the newest one gets all`;
    return others.length === 0 ? [] : [{ resource: path, type, reason }];
  });
}

/** Consumers and queues that refer to something outside the program. */
function unmappedQueues(graph: LocalGraph): readonly Unsupported[] {
  const queues = graph.ofKind('Queue');
  const names = queues.map(({ inputs }) => inputs.queueName);
  const workers = graph.ofKind('WorkersScript').map(({ inputs }) => inputs.scriptName);
  return graph.ofKind('QueueConsumer').flatMap(({ type, path, inputs: { queueId, scriptName, deadLetterQueue } }) => {
    const lost = [
      ...(queues.some((queue) => queue.path === queueId) ? [] : [`queue '${String(queueId)}'`]),
      ...(scriptName === undefined || workers.includes(scriptName) ? [] : [`Worker '${String(scriptName)}'`]),
      ...(deadLetterQueue === undefined || names.includes(deadLetterQueue)
        ? []
        : [`queue '${String(deadLetterQueue)}' for what fails`]),
    ];
    return lost.map((what) => ({ resource: path, type, reason: `it is unmapped: the program creates no ${what}` }));
  });
}
