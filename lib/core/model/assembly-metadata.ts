import type { Annotation } from './template-resource';
import { originIn } from './creation-trace';
import type { Acknowledgement } from './model';
import { isRecord, type JsonObject } from '../record';

/** The metadata type of a construct's acknowledgements: reasons by rule. */
export const ACKNOWLEDGED_RULES = 'aws:cdk:acknowledged-rules';

/** An assembly's metadata on the constructs of a stack: lists of entries by construct path. */
export class AssemblyMetadata {
  /** The acknowledgements, in the order of the constructs. */
  readonly acknowledgements: readonly Acknowledgement[];
  /** Files of the templates that the stack and its nested stacks were written to, by construct path. */
  readonly templateFiles: ReadonlyMap<string, string>;
  /** Asset files by hash, where older assemblies list nested templates. */
  readonly assets: ReadonlyMap<string, string>;
  private readonly annotations = new Map<string, Map<string, Annotation>>();

  /**
   * @param entries from the manifest or the file it names
   * @param stack construct path of the stack
   */
  constructor(
    entries: JsonObject,
    private readonly stack: string,
  ) {
    const all = Object.entries(entries).map(([path, notes]) => ({
      path: path.replace(/^\//, ''),
      notes: (Array.isArray(notes) ? notes : []).filter(isRecord),
    }));
    const acknowledgements: Acknowledgement[] = [];
    const templateFiles = new Map<string, string>();
    const assets = new Map<string, string>();
    for (const { path, notes } of all) {
      for (const { type, data } of notes) {
        if (type === ACKNOWLEDGED_RULES && isRecord(data)) {
          for (const [id, reason] of Object.entries(data)) acknowledgements.push({ id, reason: String(reason), path });
        } else if (type === 'aws:cdk:templateFile' && typeof data === 'string') templateFiles.set(path, data);
        else if (type === 'aws:cdk:asset' && isRecord(data)) assets.set(String(data.id), String(data.path));
      }
    }
    this.acknowledgements = acknowledgements;
    this.templateFiles = templateFiles;
    this.assets = assets;
    for (const { path, notes } of all) this.annotate(path, notes);
  }

  /** What is known of a resource in the template of a stack or nested stack. */
  annotation(stackPath: string, logicalId: string): Annotation {
    return this.annotations.get(stackPath)?.get(logicalId) ?? {};
  }

  private annotate(path: string, notes: readonly JsonObject[]): void {
    for (const { type, data, trace } of notes) {
      if (type !== 'aws:cdk:logicalId' || typeof data !== 'string') continue;
      const created = notes.find((note) => note.type === 'aws:cdk:creationStack');
      const stack = this.stackOf(path);
      const known = this.annotations.get(stack) ?? new Map<string, Annotation>();
      known.set(data, {
        path,
        // Lazy: only findings need it.
        get origin() {
          return originIn(created?.data ?? trace, path);
        },
      });
      this.annotations.set(stack, known);
    }
  }

  /** The nearest stack or nested stack above a construct. */
  private stackOf(path: string): string {
    if (this.templateFiles.size < 2) return this.stack;
    const names = path.split('/');
    for (let length = names.length - 1; length > 0; length -= 1) {
      const above = names.slice(0, length).join('/');
      if (this.templateFiles.has(above)) return above;
    }
    return this.stack;
  }
}
