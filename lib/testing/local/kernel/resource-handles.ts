import type { LocalHandles } from '../handles';
import type { Deployed, Deployment, ResourceName } from './deployment';
import type { HandleKind, LocalService } from './service';

/** A resource with its handle for tests. */
export interface Handled<K extends keyof LocalHandles> {
  /** Its construct path, or template and logical id; its name if a handler created it. */
  readonly displayName: string;
  /** The handle. */
  readonly handle: LocalHandles[K];
}

/** The tests' handles on a run's resources. */
export class ResourceHandles {
  /** @param services the providers of the handles */
  constructor(
    private readonly deployment: Deployment,
    private readonly services: readonly LocalService[],
  ) {}

  /**
   * A resource by its name, with its handle.
   * @throws LocalRunError when there is no such resource, or several
   */
  find<K extends keyof LocalHandles>(kind: K, name: ResourceName): Handled<K> {
    const made = typeof name === 'string' ? this.made(kind).find((one) => isNamed(one.displayName, name)) : undefined;
    if (made) return made;
    return this.handled(kind, this.deployment.oneOf(this.resources(kind), name, kind));
  }

  /** Everything of a kind, in template order; then what handlers have created. */
  all<K extends keyof LocalHandles>(kind: K): readonly Handled<K>[] {
    return [...this.resources(kind).map((resource) => this.handled(kind, resource)), ...this.made(kind)];
  }

  private handled<K extends keyof LocalHandles>(kind: K, resource: Deployed): Handled<K> {
    const one = this.kindsOf(kind).find(({ types }) => types.includes(resource.type))!;
    return { displayName: resource.displayName, handle: one.of(resource) };
  }

  private made<K extends keyof LocalHandles>(kind: K): readonly Handled<K>[] {
    const all = this.kindsOf(kind).flatMap((one) => [...(one.made?.() ?? [])]);
    return all.map(([displayName, handle]) => ({ displayName, handle }));
  }

  private resources(kind: keyof LocalHandles): readonly Deployed[] {
    const kinds = this.kindsOf(kind);
    const all = this.deployment.ofType(...kinds.flatMap(({ types }) => types));
    return all.filter((one) => kinds.some(({ types, is }) => types.includes(one.type) && (is?.(one) ?? true)));
  }

  private kindsOf<K extends keyof LocalHandles>(kind: K): readonly HandleKind<LocalHandles[K]>[] {
    return this.services.map(({ handles }) => handles?.[kind]).filter((one) => one !== undefined);
  }
}

/** Whether a text matches a name, in full or at its end. */
function isNamed(name: string, wanted: string): boolean {
  return name === wanted || name.endsWith(`/${wanted}`);
}
