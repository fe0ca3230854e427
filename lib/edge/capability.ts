import type { Input } from '@pulumi/pulumi';
import type { types } from '@pulumi/cloudflare';
import type { EdgeJurisdiction } from './places';

/** A binding without its name, which a Worker's `access` provides. */
export type Binding = Omit<types.input.WorkersScriptBinding, 'name'>;

/** A permission in Cloudflare's API that an account token needs to do over HTTP what a capability allows. */
export interface ApiPermission {
  /**
   * The permission group's name: `D1 Read`.
   * @see https://developers.cloudflare.com/fundamentals/api/reference/permissions/
   */
  readonly group: string;
  /**
   * The R2 bucket that the permission covers.
   * @default - the whole account: a token's policy can name no other resource
   */
  readonly bucket?: Input<string>;
  /**
   * The jurisdiction of the bucket, which is part of its identity.
   * @default - none
   */
  readonly jurisdiction?: EdgeJurisdiction;
}

/**
 * What may be done with one resource. In a Worker's `access` it becomes a binding, in a `ScopedToken` permissions.
 *
 * A binding not named in any `access` does not exist. What a binding lets a Worker do is up to the platform: it has no
 * read-only bindings for D1, KV and R2, so for a Worker `read()` and `readWrite()` are the same there. They differ for a
 * `ScopedToken`, and document intent.
 * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/
 */
export interface Capability {
  /** The binding. */
  readonly binding: Binding;
  /**
   * What a Worker needs to know to use the binding: strings, each in a variable named after the binding and the key, `AI_ANSWER`.
   * @default - none
   */
  readonly values?: Readonly<Record<string, Input<string>>>;
  /** What a token needs for the same; empty if the API offers nothing. */
  readonly permissions: readonly ApiPermission[];
}

/** A Worker's access: capabilities by binding name. */
export type Access = Readonly<Record<string, Capability>>;

/**
 * A capability for resources without a component in this library: `bind({ type: 'browser' })`.
 * @param permissions permission groups for a `ScopedToken`
 */
export function bind(binding: Binding, permissions: readonly string[] = []): Capability {
  return { binding, permissions: permissions.map((group) => ({ group })) };
}

/** Variables that a Worker's access adds to its bindings, by name, with the name of the binding each belongs to. */
export function valuesOf(
  access: Access,
): readonly { readonly name: string; readonly of: string; readonly text: Input<string> }[] {
  return Object.entries(access).flatMap(([of, capability]) =>
    Object.entries(capability?.values ?? {}).map(([key, text]) => ({ name: `${of}_${key}`, of, text })),
  );
}
