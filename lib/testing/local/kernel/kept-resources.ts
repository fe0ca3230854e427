import { createHash } from 'node:crypto';
import type { DataDirectory } from './data-directory';
import type { Deployed } from './deployment';
import { isRecord, type JsonRecord, record } from './json';

/** What becomes of a resource that handlers write, when a run begins where another has ended. */
export type Fate =
  /** The templates say what they said: it is as it was left. */
  | { readonly is: 'kept'; readonly content: JsonRecord }
  /** A handler deleted it, and a deployment without a change does not make it again. */
  | { readonly is: 'deleted' }
  /** The template has changed: what it says now comes on top of what was left. */
  | { readonly is: 'updated'; readonly content: JsonRecord }
  /** Nothing was kept of it. */
  | { readonly is: 'new' };

/**
 * Resources of the templates that handlers write, too, between runs: what a handler wrote stays until the template
 * changes, as after a deployment.
 */
export class KeptResources {
  private readonly kept = new Map<string, JsonRecord>();
  private readonly prints = new Map<string, string>();

  /** @param file where they are kept */
  constructor(
    private readonly data: DataDirectory,
    private readonly file: string,
  ) {}

  /**
   * Reads what was kept.
   * @returns what handlers have made, by name
   */
  load(): ReadonlyMap<string, JsonRecord> {
    for (const [name, one] of Object.entries(record(this.data.read(this.file)))) this.kept.set(name, record(one));
    const own = [...this.kept].filter(([, { template, content }]) => template === undefined && isRecord(content));
    return new Map(own.map(([name, { content }]) => [name, record(content)]));
  }

  /** What becomes of a resource of the templates. */
  fateOf({ name, properties }: Deployed): Fate {
    const print = createHash('sha256').update(JSON.stringify(properties)).digest('hex');
    this.prints.set(name, print);
    const { template, content } = this.kept.get(name) ?? {};
    if (template === undefined) return { is: 'new' };
    if (!isRecord(content)) return template === print ? { is: 'deleted' } : { is: 'new' };
    return { is: template === print ? 'kept' : 'updated', content };
  }

  /** Keeps what is there now, by name; what is in no template any more is forgotten, unless a handler made it. */
  save(present: ReadonlyMap<string, JsonRecord>): void {
    const names = new Set([...this.prints.keys(), ...present.keys()]);
    const all = [...names].map((name) => [name, { template: this.prints.get(name), content: present.get(name) }]);
    this.data.write(this.file, Object.fromEntries(all));
  }
}
