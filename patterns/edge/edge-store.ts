import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Capability } from '../../lib/edge/capability';
import { type AccountArgs, checkArgs, checkName, checkShape } from '../../lib/edge/check-args';
import { claimOwnName } from '../../lib/edge/claims';
import { physicalName } from '../../lib/edge/physical-name';
import { isProtected, optionsHere } from '../../lib/edge/preview';
import { ACCOUNT } from '../../lib/edge/worker-shape';
import { filled, input } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeStore`. */
export interface EdgeStoreArgs extends AccountArgs {
  /**
   * The namespace's title, unique in the account.
   * @default - from project, stack and the component's name
   */
  readonly title?: pulumi.Input<string>;
}

/**
 * A key-value store: a Workers KV namespace, protected against deletion (`protect: false` in the resource options lifts
 * that). Values of up to 25 MiB; reads are fast and may be up to a minute stale, each key takes one write per second.
 * Data that must be read as written belongs in an `EdgeDatabase` or an `EdgeRoom`.
 *
 * @example
 * const cache = new EdgeStore('cache');
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { CACHE: cache.readWrite() } });
 * @see https://developers.cloudflare.com/kv/concepts/how-kv-works/
 */
export class EdgeStore extends pulumi.ComponentResource {
  /** The KV namespace. */
  readonly namespace: cloudflare.WorkersKvNamespace;

  /** @throws InputPropertiesError when the account is not known */
  constructor(name: string, args: EdgeStoreArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeStore', name, {}, optionsHere(opts));
    checkShape(name, args, SHAPE);
    const accountId = checkArgs(name, args, []);

    const { value: title, ignoreChanges } = physicalName(args.title, name, 'title');
    claimOwnName(name, 'namespace', 'title', { value: title, ignoreChanges, accountId });
    this.namespace = new cloudflare.WorkersKvNamespace(
      `${name}-namespace`,
      { accountId, title },
      { parent: this, protect: isProtected(opts), ignoreChanges },
    );
    this.registerOutputs({ namespaceId: this.namespace.id });
  }

  /** Reading keys. A Worker's binding cannot be restricted to it; a `ScopedToken` is. */
  read(): Capability {
    return this.capability('Workers KV Storage Read');
  }

  /** Reading, writing, listing and deleting keys. */
  readWrite(): Capability {
    return this.capability('Workers KV Storage Write');
  }

  private capability(group: string): Capability {
    return { binding: { type: 'kv_namespace', namespaceId: this.namespace.id }, permissions: [{ group }] };
  }
}

const SHAPE: Shape<EdgeStoreArgs> = { ...ACCOUNT, title: input(filled('cache')) };
