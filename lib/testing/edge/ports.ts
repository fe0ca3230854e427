import type { LocalGraph } from './local-graph';

/**
 * The ports of the public Workers: on workers.dev, on a domain or on a route.
 * @param given ports in the order of the Workers' paths; what only leads to a site comes after all others
 */
export function portsOf(graph: LocalGraph, given: readonly number[]): ReadonlyMap<string, number> {
  const names = [
    ...graph.ofKind('WorkersScriptSubdomain').flatMap(({ inputs }) => (inputs.enabled ? [inputs.scriptName] : [])),
    ...graph.ofKind('WorkersCustomDomain').map(({ inputs }) => inputs.service),
    ...graph.ofKind('WorkersRoute').map(({ inputs }) => inputs.script),
  ];
  const redirects = new Set(
    graph.resources.filter(({ type }) => type === 'lintel:edge:SiteRedirect').map(({ path }) => path),
  );
  const open = graph
    .ofKind('WorkersScript')
    .filter(({ inputs }) => names.includes(inputs.scriptName))
    .sort((a, b) => Number(redirects.has(a.parent ?? '')) - Number(redirects.has(b.parent ?? '')))
    .map(({ inputs }) => String(inputs.scriptName));
  return new Map(open.slice(0, given.length).map((scriptName, index) => [scriptName, given[index]!]));
}
