import { createHash } from 'node:crypto';
import type { DataDirectory } from './data-directory';
import type { Deployed, Deployment } from './deployment';
import { isRecord, type JsonObject, recordOf } from './json';

/** The state of a resource that handlers write, when a run continues from another. */
export type Fate =
  /** The template is unchanged: it is as it was left. */
  | { readonly is: 'kept'; readonly content: JsonObject }
  /** A handler deleted it; a deployment without changes does not recreate it. */
  | { readonly is: 'deleted' }
  /** The template has changed: its new values apply on top of what was left. */
  | { readonly is: 'updated'; readonly content: JsonObject }
  /** Nothing was kept. */
  | { readonly is: 'new' };

/** Operations that change none of them. */
export const READS = /^(Get|BatchGet|List|Describe)/;

/**
 * Keeps template resources that handlers also write between runs: what a handler wrote stays until the template
 * changes, as with deployments.
 */
export class KeptResources {
  private readonly kept = new Map<string, JsonObject>();
  private readonly prints = new Map<string, string>();

  /**
   * @param file where they are kept
   * @param type of the resources
   */
  constructor(
    private readonly context: { readonly data: DataDirectory; readonly deployment: Deployment },
    private readonly file: string,
    private readonly type: string,
  ) {}

  /**
   * Reads what was kept.
   * @returns what handlers have made, by name
   */
  load(): ReadonlyMap<string, JsonObject> {
    for (const [name, one] of Object.entries(recordOf(this.context.data.read(this.file))))
      this.kept.set(name, recordOf(one));
    const own = [...this.kept].filter(([, { template, content }]) => template === undefined && isRecord(content));
    return new Map(own.map(([name, { content }]) => [name, recordOf(content)]));
  }

  /** The fate of a template resource. */
  fateOf({ name, properties }: Deployed): Fate {
    const print = createHash('sha256').update(JSON.stringify(properties)).digest('hex');
    this.prints.set(name, print);
    const { template, content } = this.kept.get(name) ?? {};
    if (template === undefined) return { is: 'new' };
    if (!isRecord(content)) return template === print ? { is: 'deleted' } : { is: 'new' };
    return { is: template === print ? 'kept' : 'updated', content };
  }

  /** Keeps the current resources, by name; those no longer in a template are dropped, unless a handler created them. */
  save(present: ReadonlyMap<string, JsonObject>): void {
    const names = new Set([...this.prints.keys(), ...present.keys()]);
    const all = [...names].map(
      (name) => [name, { template: this.prints.get(name), content: present.get(name) }] as const,
    );
    this.context.data.write(this.file, {
      ...(this.waits && Object.fromEntries(this.kept)),
      ...Object.fromEntries(all),
    });
  }

  /** Whether resources of the templates are still to be made, from what a custom resource answers. */
  private get waits(): boolean {
    const { deployment } = this.context;
    const planned = deployment.planned.filter(({ type }) => type === this.type);
    return planned.length > deployment.ofType(this.type).length;
  }
}
