import type { LocalGraph } from './local-graph';

/**
 * The ports of the Workers that answer from outside: on workers.dev, on a domain or on a route.
 * @param given ports in the order of the Workers' paths
 */
export function portsOf(graph: LocalGraph, given: readonly number[]): ReadonlyMap<string, number> {
  const names = [
    ...graph.ofKind('WorkersScriptSubdomain').flatMap(({ inputs }) => (inputs.enabled ? [inputs.scriptName] : [])),
    ...graph.ofKind('WorkersCustomDomain').map(({ inputs }) => inputs.service),
    ...graph.ofKind('WorkersRoute').map(({ inputs }) => inputs.script),
  ];
  const scripts = graph.ofKind('WorkersScript').map(({ inputs }) => String(inputs.scriptName));
  const open = scripts.filter((scriptName) => names.includes(scriptName));
  return new Map(open.slice(0, given.length).map((scriptName, index) => [scriptName, given[index]!]));
}
