import type { Deployment } from './deployment';
import type { LocalContext, LocalService, ServicePrincipal } from './service';
import { INERT, type Unsupported } from './unsupported';

/** Resources of types that no service runs. */
export function typesNotRun(deployment: Deployment, services: readonly LocalService[]): readonly Unsupported[] {
  const run = new Set<string>([...INERT, ...services.flatMap(({ resourceTypes }) => resourceTypes)]);
  return [...deployment.types()]
    .filter(([type]) => !run.has(type))
    .flatMap(([type, resources]) =>
      resources.map(({ displayName: resource }) => ({ resource, type, reason: 'this type is not run' })),
    );
}

/** Resources that AWS would not create either: a schedule whose role does not trust Scheduler. */
export function rolesNotAssumed(
  principals: readonly ServicePrincipal[],
  assume: LocalContext['assume'],
): readonly Unsupported[] {
  return principals.flatMap(({ resource, role, service }) => {
    const reason = assume(role, { service, acting: resource });
    return typeof reason === 'string' ? [{ resource: resource.displayName, type: resource.type, reason }] : [];
  });
}
