import type { Unsupported } from '../local/kernel/unsupported';
import { BOUND_RESOURCES } from './bindings/all';
import type { LocalGraph } from './local-graph';

/** Kinds of resources that a run stands in for, or that it has no need of because everything answers on 127.0.0.1. */
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

/** What a run does not have although the program declares it. */
export function unsupportedResources(graph: LocalGraph): readonly Unsupported[] {
  const kinds = graph.resources
    .filter(({ type, kind, path }) => !type.startsWith('lintel:') && !RUN.has(kind) && !waysToPools(graph).has(path))
    .map(({ type, path }) => ({ resource: path, type, reason: 'this type is not run' }));
  return [...graph.idle, ...sharedRequests(graph), ...kinds, ...unmappedQueues(graph)];
}

/** What leads to databases in whose place the run has one of its own. */
function waysToPools(graph: LocalGraph): ReadonlySet<unknown> {
  return new Set(
    graph.ofKind('HyperdriveConfig').map(({ inputs }) => (inputs.origin as { serviceId?: string }).serviceId),
  );
}

/** Deployments that leave requests to versions that the program does not make. */
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

/** Consumers and queues that lead to what the program does not make. */
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
