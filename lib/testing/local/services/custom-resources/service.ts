import type { Deployed } from '../../kernel/deployment';
import type { LocalContext, LocalService } from '../../kernel/service';
import { BUCKET_DEPLOYMENT, deployFiles } from './bucket-deployment';
import { create, type Created } from './create';
import { attributesRead, inOrder, isMadeOf, referencesOf, waitingFor } from './references';
import { Responses } from './responses';
import { customTypes, unansweredIn } from './types';

const FUNCTION = 'AWS::Lambda::Function';
/** For these types only the answer is missing: whatever they would allow with it is refused. */
const POLICIES = /^AWS::IAM::|Policy$|^AWS::Lambda::Permission$/;

/**
 * CloudFormation custom resources: their functions run when the run starts, unless the test supplies the answer, and
 * templates refer to the answers. Dependent resources are created afterwards, or not at all without an answer, since
 * they would lack a value that AWS never lacks.
 */
export function customResources(context: LocalContext): LocalService {
  const { deployment } = context;
  const { silent, called } = customTypes(deployment);
  const responses = new Responses();
  const resources = unansweredIn(deployment, context.answers);
  const failed: Deployed[] = [];
  const stopped = new Set<string>();

  async function provision(): Promise<void> {
    await responses.start();
    const byResource = new Map(resources.map((one) => [one.resource, one]));
    const order = inOrder([...byResource.keys()], deployment.model).map((one) => byResource.get(one)!);
    for (const [index, custom] of order.entries()) {
      await make(custom);
      const waiting = waitingFor(order.slice(index + 1), deployment);
      const ids = deployment.planned.map(({ resource }) => resource.id);
      await context.make(ids.filter((id) => !waiting.has(id) && !stopped.has(id)));
    }
  }

  async function make(custom: Deployed): Promise<void> {
    const { displayName, type, resource } = custom;
    context.logs.tell(displayName, 'is being created by its function');
    const created = complete(await createdOrNot(custom), custom);
    if (typeof created !== 'string') return context.answer(resource.id, created.physicalId, created.data);
    failed.push(custom);
    const reason = `it was not created, so what it would create is missing: ${created}; ${remedyFor(displayName)}`;
    context.unsupported({ resource: displayName, type, reason });
    for (const one of deployment.planned)
      if (!called.includes(one.type) && isMadeOf(one, resource.id)) stop(one, custom);
  }

  /** CloudFormation does not create what depends on a failed resource. */
  async function createdOrNot(custom: Deployed): Promise<Created | string> {
    const needs = referencesOf(custom.resource);
    const missing = failed.find(({ resource }) => needs.has(resource.id));
    if (missing) return `it depends on '${missing.displayName}'`;
    return custom.type === BUCKET_DEPLOYMENT ? deployFiles(context, custom) : create(context, custom, responses);
  }

  /** On AWS a stack fails on a reference to a value missing from the answer. */
  function complete(created: Created | string, { resource }: Deployed): Created | string {
    if (typeof created === 'string') return created;
    for (const [attribute, { displayName }] of attributesRead(resource.id, deployment)) {
      if (!Object.hasOwn(created.data, attribute)) {
        return `its answer has no '${attribute}', which '${displayName}' refers to`;
      }
    }
    return created;
  }

  function stop(one: Deployed, { displayName: custom }: Deployed): void {
    const { displayName, type, resource } = one;
    const reason = `it depends on the result of '${custom}', which was not created; ${remedyFor(custom)}`;
    deployment.refuse(one, reason);
    // Functions are listed as not running.
    if (type !== FUNCTION) context.unsupported({ resource: displayName, type, reason });
    if (type !== FUNCTION && !POLICIES.test(type)) stopped.add(resource.id);
  }

  return {
    resourceTypes: [...silent, ...called],
    ...(resources.length > 0 && { provision, stop: () => responses.stop() }),
  };
}

function remedyFor(displayName: string): string {
  return `give its result in 'customResources: { '${displayName}': { ... } }'`;
}
