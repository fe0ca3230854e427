import type { InputPropertiesError } from '@pulumi/pulumi';
import { synthesize, type GraphResource, type ResourceGraph, type SynthesizeOptions } from 'lintel/pulumi';

/** A handler that bundles, for tests that are not about handlers. */
export const handler = 'test/patterns/edge/workers/empty.ts';

const GROUPS = [
  'D1 Read',
  'Queues Write',
  'Workers KV Storage Read',
  'Workers R2 Storage Bucket Item Read',
  'Workers R2 Storage Bucket Item Write',
];

/** What a program declares, in an account. */
export function graphOf(program: () => unknown, options: SynthesizeOptions = {}): Promise<ResourceGraph> {
  return synthesize(program, {
    project: 'shop',
    stack: 'test',
    config: { 'cloudflare:accountId': 'account' },
    calls: (token) =>
      token.includes('PermissionGroupsList')
        ? { results: GROUPS.map((name) => ({ id: `id-of-${name.toLowerCase().replace(/ /g, '-')}`, name })) }
        : undefined,
    ...options,
  });
}

/** The resource of a Pulumi name. */
export function resource(graph: ResourceGraph, name: string): GraphResource {
  const found = graph.resources.find((each) => each.name === name);
  if (!found) throw new Error(`no '${name}' among ${graph.resources.map((each) => each.name).join(', ')}`);
  return found;
}

/** Type and name of each resource that is not a component of ours, without the long part of the type. */
export function created(graph: ResourceGraph): string[] {
  return graph.resources
    .filter(({ type }) => !type.startsWith('lintel:'))
    .map(({ type, name }) => `${type.split(':').at(-1)} ${name}`)
    .sort();
}

/** The messages with which a program is refused. */
export async function refusal(program: () => unknown, options?: SynthesizeOptions): Promise<string[]> {
  const error = await graphOf(program, options).then(
    () => undefined,
    (reason: InputPropertiesError) => reason,
  );
  if (!error) throw new Error('the program was not refused');
  return error.message.split('\n');
}

/** A graph as an alarm: without what only a build knows. */
export function alarm(graph: ResourceGraph): unknown {
  return JSON.parse(
    JSON.stringify(graph, (key, value) => {
      if (key === 'sources') return undefined;
      if (key === 'contentSha256') return '<sha256>';
      if (key === '__provider') return '<provider>';
      if (key === 'contentFile') return String(value).replace(/[0-9a-f]{16}/, '<hash>');
      return value as unknown;
    }),
  );
}
