import path from 'node:path';
import { type GraphSource, pathOf } from '../core/model/graph';
import type { SourceMaps, SourceTrace } from './source-position';

interface Made {
  readonly type: string;
  readonly name: string;
  readonly trace: SourceTrace;
}

/** What the program's constructors declared: an input that fails silently drops its resource. */
export class Declarations {
  /** Number of declarations. */
  count = 0;
  private readonly outputs = new Map<string, Set<string>>();
  private readonly counts = new Map<string, number>();
  private readonly paths = new WeakMap<object, string>();
  private readonly traces = new Map<string, SourceTrace>();

  /**
   * Records a constructor call.
   * @param exists whether the resource already exists and is only read
   */
  add(type: string, name: string, props: Readonly<Record<string, unknown>>, exists: boolean): void {
    this.count++;
    const key = `${type}::${name}`;
    const known = this.outputs.get(key) ?? new Set();
    for (const [output, value] of Object.entries(props)) if (value === undefined) known.add(output);
    this.outputs.set(key, known);
    if (!exists) this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  /** Records where a resource was created; of two with the same path, which are refused, the first counts. */
  made(resource: object, parent: object | undefined, { type, name, trace }: Made): void {
    const place = pathOf({ name, parent: parent && this.paths.get(parent) });
    this.paths.set(resource, place);
    const key = `${type}::${place}`;
    if (!this.traces.has(key)) this.traces.set(key, trace);
  }

  /** Where each resource was created, by `<type>::<path>`, with files relative to the working directory. */
  sources(maps: SourceMaps): Record<string, GraphSource> {
    const found = [...this.traces].flatMap(([key, trace]) => {
      const place = trace.position(maps);
      return place ? [[key, { ...place, file: fromHere(place.file) }] as const] : [];
    });
    return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Outputs that a class declares and no input sets. */
  outputsOf(type: string, name: string): readonly string[] {
    return [...(this.outputs.get(`${type}::${name}`) ?? [])];
  }

  /** @throws Error with what was declared and is not registered */
  assertRegistered(registered: ReadonlyMap<string, number>): void {
    const lost = [...this.counts].filter(([key, count]) => (registered.get(key) ?? 0) < count).map(([key]) => key);
    if (lost.length > 0)
      throw new Error(`declared but never registered, since an input never came: ${lost.join(', ')}`);
  }
}

/** A path relative to the working directory, if the file is below it. */
function fromHere(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative.split(path.sep).join('/');
}
