import { randomUUID } from 'node:crypto';
import type { LocalVector } from '../handles';
import type { MetadataIndexes } from './filter';

/** The settings of an index. */
export interface IndexSettings {
  readonly name: string;
  readonly dimensions: number;
  readonly metric: string;
  /** The metadata indexes. */
  readonly metadata: MetadataIndexes;
  /** Milliseconds until writes are visible. */
  readonly visibleAfter: number;
}

interface Mutation {
  readonly id: string;
  readonly visibleAt: number;
  apply(vectors: Map<string, LocalVector>): void;
}

/**
 * The vectors of an index. A change is accepted at once and becomes visible later, in order. Ids are unique across the
 * index: rewriting a vector may move it to another namespace.
 */
export class LocalIndex {
  private readonly vectors = new Map<string, LocalVector>();
  private waiting: Mutation[] = [];
  private processed?: Mutation;

  constructor(readonly settings: IndexSettings) {}

  /** The visible vectors. */
  get seen(): ReadonlyMap<string, LocalVector> {
    this.process();
    return this.vectors;
  }

  /** The number of changes not visible yet. */
  get pending(): number {
    this.process();
    return this.waiting.length;
  }

  /** The last visible change, and its time. */
  get processedUpTo(): { readonly id: string; readonly at: Date } | undefined {
    this.process();
    return (
      this.processed && { id: this.processed.id, at: new Date(this.processed.visibleAt - this.settings.visibleAfter) }
    );
  }

  /** Writes vectors: `insert` skips existing ones. Returns the id of the change. */
  write(vectors: readonly LocalVector[], kind: 'insert' | 'upsert'): string {
    return this.change((all) => {
      for (const vector of vectors) if (kind === 'upsert' || !all.has(vector.id)) all.set(vector.id, vector);
    });
  }

  /** Deletes vectors. Returns the id of the change. */
  delete(ids: readonly string[]): string {
    return this.change((all) => ids.forEach((id) => all.delete(id)));
  }

  private change(apply: Mutation['apply']): string {
    const mutation = { id: randomUUID(), visibleAt: Date.now() + this.settings.visibleAfter, apply };
    this.waiting.push(mutation);
    return mutation.id;
  }

  private process(): void {
    const now = Date.now();
    const due = this.waiting.filter(({ visibleAt }) => visibleAt <= now);
    for (const mutation of due) mutation.apply(this.vectors);
    this.processed = due.at(-1) ?? this.processed;
    this.waiting = this.waiting.slice(due.length);
  }
}
