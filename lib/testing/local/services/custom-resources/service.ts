import type { Deployed } from '../../kernel/deployment';
import type { LocalContext, LocalService } from '../../kernel/service';
import { create } from './create';
import { inOrder, referencesOf } from './references';
import { Responses } from './responses';
import { customTypes } from './types';

/**
 * Custom resources of CloudFormation: their functions make them when the run starts, and what they answer is what the
 * templates refer to; or the test gives the answer.
 */
export function customResources(context: LocalContext): LocalService {
  const { deployment } = context;
  const { silent, called } = customTypes(deployment);
  const responses = new Responses();
  const resources = deployment.ofType(...called).filter(({ resource }) => !context.isAnswered(resource.id));

  async function provision(): Promise<void> {
    await responses.start();
    const byResource = new Map(resources.map((one) => [one.resource, one]));
    for (const resource of inOrder([...byResource.keys()], deployment.model)) await make(byResource.get(resource)!);
  }

  async function make(custom: Deployed): Promise<void> {
    const { displayName, type, resource } = custom;
    const created = await create(context, custom, responses);
    if (typeof created !== 'string') {
      context.answer(resource.id, created.physicalId, created.data);
      reportEarly(custom);
      return;
    }
    const remedy = `give its answer in 'customResources: { '${displayName}': { ... } }'`;
    context.unsupported({
      resource: displayName,
      type,
      reason: `it was not made, so what it would make is missing: ${created}; ${remedy}`,
    });
  }

  /** Of what was read before there was an answer. A function's variables are read with its first invocation. */
  function reportEarly({ resource, displayName }: Deployed): void {
    const early = context.startedTypes().filter((type) => type !== 'AWS::Lambda::Function');
    for (const reader of deployment.ofType(...early, ...POLICIES)) {
      if (called.includes(reader.type) || !refersTo(reader, resource.id)) continue;
      context.unsupported({
        resource: reader.displayName,
        type: reader.type,
        reason: `it was read before '${displayName}' was made; give its answer in 'customResources: { '${displayName}': { ... } }'`,
      });
    }
  }

  return {
    resourceTypes: [...silent, ...called],
    ...(resources.length > 0 && { provision, stop: () => responses.stop() }),
  };
}

const POLICIES = ['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'];

/** Whether its properties refer to a resource; to wait for it is nothing that is read. */
function refersTo({ resource }: Deployed, id: string): boolean {
  return referencesOf({ ...resource, dependsOn: [] }).has(id);
}
