import type { Input } from '@pulumi/pulumi';
import type { types } from '@pulumi/cloudflare';
import type { EdgeJurisdiction } from './places';

/** A binding without its name, which the Worker's `access` gives it. */
export type Binding = Omit<types.input.WorkersScriptBinding, 'name'>;

/** A permission of Cloudflare's API that an account token needs to do over HTTP what a capability allows. */
export interface ApiPermission {
  /**
   * The permission group's name: `D1 Read`.
   * @see https://developers.cloudflare.com/fundamentals/api/reference/permissions/
   */
  readonly group: string;
  /**
   * The R2 bucket that the permission is for.
   * @default - the whole account: no other resource can be named in a token's policy
   */
  readonly bucket?: Input<string>;
  /**
   * The jurisdiction of the bucket, which belongs to its name.
   * @default - none
   */
  readonly jurisdiction?: EdgeJurisdiction;
}

/**
 * What may be done with one resource. In a Worker's `access` it becomes a binding, in a `ScopedToken` permissions.
 *
 * A binding that no `access` names does not exist. What a binding lets a Worker do is the platform's decision: it has no
 * read-only bindings of D1, KV and R2, so there `read()` and `readWrite()` give a Worker the same. They differ for a
 * `ScopedToken`, and say to the reader what is meant.
 * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/
 */
export interface Capability {
  /** The binding. */
  readonly binding: Binding;
  /**
   * What a Worker needs to know to use the binding: texts, each a variable that is called as the binding and it, `AI_ANSWER`.
   * @default - nothing
   */
  readonly values?: Readonly<Record<string, Input<string>>>;
  /** What a token needs for the same; empty where the API offers nothing. */
  readonly permissions: readonly ApiPermission[];
}

/** The access of a Worker: binding names to capabilities. */
export type Access = Readonly<Record<string, Capability>>;

/**
 * The capability for what this library has no component for: `bind({ type: 'browser' })`.
 * @param permissions permission groups for a `ScopedToken`
 */
export function bind(binding: Binding, permissions: readonly string[] = []): Capability {
  return { binding, permissions: permissions.map((group) => ({ group })) };
}

/** The variables of a Worker's access beside its bindings, by name, with the name of the binding that each belongs to. */
export function valuesOf(
  access: Access,
): readonly { readonly name: string; readonly of: string; readonly text: Input<string> }[] {
  return Object.entries(access).flatMap(([of, capability]) =>
    Object.entries(capability?.values ?? {}).map(([key, text]) => ({ name: `${of}_${key}`, of, text })),
  );
}
