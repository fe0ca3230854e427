import { type Files, NO_FILES, withFile } from './beside';
import { decided, type Decisions } from './decided';
import type { ParsedText } from './document';
import { MADE_FROM, NOT_READ } from './foreach';
import { Intrinsics, type Links } from './intrinsics';
import type { Sections } from './sections';
import type { Resource, SourceLocation, Template, UnreadNote } from './model';
import { ReadError } from './read-error';
import { writtenAt } from './sam/places';
import { type Assumptions, isMap, toText } from './select';
import { type Annotation, TemplateResource } from './template-resource';
import { asksForSam, transformed } from './transforms';
import type { Value, ValueMap } from './values';
import { scenariosOf } from './scenarios';
import { isRecord, recordOf, type JsonObject, asList } from '../record';

/** The source of a template. */
export type Origin = Omit<Template, 'outputs' | 'parameters' | 'conditions' | 'locate' | 'unread' | 'scenarios'> & {
  /** Its name in error messages. */
  readonly shown: string;
};

/** A CloudFormation template, whose values are read lazily, since they may lead to other templates and back. */
export class CloudFormation {
  readonly sections: Sections;
  private readonly outputSection: JsonObject;
  private readonly intrinsics: Intrinsics;
  private readonly open = new Set<string>();
  private readonly outputs = new Map<string, Value | undefined>();
  private readonly missing: UnreadNote[] = [];
  private readonly ofSam: boolean;
  private ways?: readonly Assumptions[];

  /** @throws ReadError when it is not a template */
  constructor(
    readonly origin: Origin,
    private readonly text: ParsedText,
    links: Links,
    files: Files = NO_FILES,
    private readonly decisions?: Decisions,
  ) {
    if (!isRecord(text.data) || !isRecord(text.data.Resources)) {
      throw new ReadError(
        origin.shown,
        "is not a CloudFormation template: it has no 'Resources'",
        'name a template, a cloud assembly or a Pulumi graph',
      );
    }
    const written = decisions ? decided(text.data, decisions, origin) : text.data;
    const data = text.transforms ? transformed(written, origin.shown, files) : written;
    const resources = this.withFiles(recordOf(data.Resources), files);
    this.ofSam = asksForSam(data);
    if (!this.ofSam) this.missing.push(...connectorsIn(resources));
    this.sections = {
      parameters: recordOf(data.Parameters),
      mappings: recordOf(data.Mappings),
      conditions: recordOf(data.Conditions),
      resources,
    };
    this.outputSection = recordOf(data.Outputs);
    this.intrinsics = new Intrinsics(origin.name, this.sections, links);
    for (const [id, resource] of Object.entries(this.sections.resources)) {
      if (isRecord(resource) && typeof resource.Type === 'string') continue;
      throw new ReadError(
        origin.shown,
        `is not a CloudFormation template: resource '${id}' has no 'Type'`,
        'correct it',
      );
    }
  }

  /** A property of a resource that is not built yet. */
  property(logicalId: string, name: string): Value | undefined {
    const resource = recordOf(this.sections.resources[logicalId]);
    return this.guarded(`resource ${logicalId} ${name}`, () =>
      this.intrinsics.value(recordOf(resource.Properties)[name], this.assumptions(resource)),
    );
  }

  /** The value of an output; undefined if there is none. */
  output(name: string): Value | undefined {
    if (!Object.hasOwn(this.outputSection, name)) return undefined;
    if (!this.outputs.has(name)) {
      const value = this.guarded(`output ${name}`, () => {
        const output = recordOf(this.outputSection[name]);
        return this.intrinsics.value(output.Value, this.assumptions(output));
      });
      // Not final inside a cycle.
      if (this.open.size > 0) return value;
      this.outputs.set(name, value);
    }
    return this.outputs.get(name);
  }

  /** The exported outputs, by export name. */
  exports(): ReadonlyMap<string, string> {
    const names = Object.entries(this.outputSection).map(([output, content]): [string | undefined, string] => [
      toText(this.intrinsics.value(recordOf(recordOf(content).Export).Name)),
      output,
    ]);
    return new Map(names.filter((entry): entry is [string, string] => entry[0] !== undefined));
  }

  /**
   * The template as the model holds it.
   * @param unread what was not read for it, apart from its text
   */
  template(beside: readonly UnreadNote[] = []): Template {
    const unread = [...beside, ...this.missing, ...this.notes()];
    const { shown: _, ...origin } = this.origin;
    const outputs = Object.keys(this.outputSection).map((name): [string, Value | undefined] => [
      name,
      this.output(name),
    ]);
    return {
      ...origin,
      parameters: this.sections.parameters,
      conditions: this.sections.conditions,
      outputs: Object.fromEntries(outputs.filter((entry): entry is [string, Value] => entry[1] !== undefined)),
      ...(this.ofSam && { ofSam: true }),
      ...(unread.length > 0 && { unread }),
      scenarios: () => (this.ways ??= this.scenarios()),
      locate: (path) => this.locate(path),
    };
  }

  private scenarios(): readonly Assumptions[] {
    const { conditions } = this.intrinsics;
    const decided = (name: string): boolean | undefined => {
      const outcome = conditions.outcome(name);
      return typeof outcome === 'boolean' ? outcome : undefined;
    };
    const wanted = new Set<string>();
    for (const raw of Object.values(this.sections.resources)) {
      const { Condition: name, Type: type } = recordOf(raw);
      if (typeof name !== 'string' || type === 'AWS::CDK::Metadata' || decided(name) !== undefined) continue;
      if (Object.hasOwn(this.sections.conditions, name)) wanted.add(name);
    }
    const chosen = [...this.intrinsics.chosen].filter((name) => Object.hasOwn(this.sections.conditions, name));
    const { ranging } = this.intrinsics;
    if (wanted.size + chosen.length + ranging.size === 0) return [];
    const { parameters, conditions: written } = this.sections;
    const nameOfComparison = (parameter: string, value: string): string =>
      conditions.nameOfComparison(parameter, value);
    const facts = { conditions: written, parameters, decided, nameOfComparison };
    const open = [...new Set([...wanted, ...chosen])];
    // If that is too many, at least tell which resources exist together.
    const attempts = [
      () => scenariosOf(facts, open, ranging),
      () => scenariosOf(facts, open),
      () => scenariosOf(facts, [...wanted]),
    ];
    return attempts.map((attempt) => attempt()).find((scenarios) => scenarios.length > 0) ?? [];
  }

  /** Resources with the content of the files they name. */
  private withFiles(resources: JsonObject, files: Files): JsonObject {
    const changed = new Map<string, unknown>();
    for (const [logicalId, written] of Object.entries(resources)) {
      if (!isRecord(written)) continue;
      const { resource, missing } = withFile(written, files);
      if (resource !== written) changed.set(logicalId, resource);
      if (missing) this.missing.push({ kind: 'file', logicalId, ...missing });
    }
    return changed.size === 0 ? resources : { ...resources, ...Object.fromEntries(changed) };
  }

  /** What the expansion of the template's resources left out. */
  private notes(): UnreadNote[] {
    return Object.entries(this.sections.resources).flatMap(([logicalId, raw]) => {
      const notes = recordOf(raw)[NOT_READ];
      return Array.isArray(notes) ? notes.map((note: Omit<UnreadNote, 'logicalId'>) => ({ ...note, logicalId })) : [];
    });
  }

  /** The resources, without those whose condition never holds. */
  resources(annotation: (logicalId: string, metadata: JsonObject) => Annotation): Resource[] {
    return Object.entries(this.sections.resources)
      .filter(([, raw]) => this.condition(recordOf(raw)) !== false)
      .map(([id, raw]) => this.resource(id, recordOf(raw), annotation));
  }

  private resource(
    logicalId: string,
    raw: JsonObject,
    annotation: (logicalId: string, metadata: JsonObject) => Annotation,
  ): Resource {
    const metadata = recordOf(raw.Metadata);
    const properties = this.intrinsics.value(raw.Properties, this.assumptions(raw));
    const { DependsOn, Condition, DeletionPolicy, UpdateReplacePolicy } = raw;
    return new TemplateResource(
      {
        id: `${this.origin.name}/${logicalId}`,
        logicalId,
        type: String(raw.Type),
        properties: isMap(properties) ? properties : ({} satisfies ValueMap),
        dependsOn: DependsOn === undefined ? [] : this.dependencies(DependsOn),
        attributes: {
          // One that a deployment decides is not to be looked up among those of other templates.
          condition: typeof Condition === 'string' && !(this.decisions && this.condition(raw)) ? Condition : undefined,
          deletionPolicy: DeletionPolicy === undefined ? undefined : toText(this.intrinsics.value(DeletionPolicy)),
          updateReplacePolicy:
            UpdateReplacePolicy === undefined ? undefined : toText(this.intrinsics.value(UpdateReplacePolicy)),
        },
        metadata,
        template: this.origin.name,
      },
      annotation(logicalId, metadata),
      () => this.locate(['Resources', logicalId]),
    );
  }

  private dependencies(raw: unknown): string[] {
    return asList(raw)
      .filter((id) => typeof id === 'string')
      .map((id) => `${this.origin.name}/${id}`);
  }

  private condition(raw: JsonObject): boolean | undefined {
    if (typeof raw.Condition !== 'string') return undefined;
    const outcome = this.intrinsics.conditions.outcome(raw.Condition);
    return typeof outcome === 'boolean' ? outcome : undefined;
  }

  /** The assumptions for everything in a resource or output: its condition. */
  private assumptions(raw: JsonObject): Assumptions {
    if (typeof raw.Condition !== 'string') return {};
    const outcome = this.intrinsics.conditions.outcome(raw.Condition);
    return typeof outcome === 'boolean' ? {} : { [outcome.condition]: !outcome.negated };
  }

  private locate([section, name, ...below]: readonly string[]): SourceLocation | undefined {
    if (this.origin.file === undefined) return undefined;
    const path = section === 'Resources' && name !== undefined ? this.written(name, below) : [section, name, ...below];
    return { file: this.origin.file, ...this.text.locate(path.filter((one) => one !== undefined)) };
  }

  /** The source path of a path in a resource, which SAM or a loop may have created. */
  private written(name: string, below: readonly string[]): readonly string[] {
    const from = this.madeFrom(name);
    const type = recordOf(recordOf(recordOf(this.text.data).Resources)[from ?? name]).Type;
    if (typeof type === 'string' && type.startsWith('AWS::Serverless::')) {
      return writtenAt(this.text.data, from ?? name, name, below);
    }
    return ['Resources', ...(from === undefined ? [name, ...below] : [from])];
  }

  /** The loop or SAM resource that a resource was expanded from. */
  private madeFrom(logicalId: string | undefined): string | undefined {
    if (logicalId === undefined || !Object.hasOwn(this.sections.resources, logicalId)) return undefined;
    const from = recordOf(this.sections.resources[logicalId])[MADE_FROM];
    return typeof from === 'string' ? from : undefined;
  }

  /** Outputs and parameters of nested templates may form a cycle, which has no value. */
  private guarded(key: string, read: () => Value | undefined): Value | undefined {
    if (this.open.has(key)) return undefined;
    this.open.add(key);
    try {
      return read();
    } finally {
      this.open.delete(key);
    }
  }
}

/** Connectors in a template without SAM's transform, which nothing expands. */
function connectorsIn(resources: JsonObject): UnreadNote[] {
  return Object.entries(resources).flatMap(([logicalId, raw]): UnreadNote[] => {
    const { Connectors: connectors, Type: type } = recordOf(raw);
    if (connectors === undefined || String(type).startsWith('AWS::Serverless::')) return [];
    return [
      { kind: 'transform', logicalId, reason: 'its Connectors are not something that CloudFormation knows by itself' },
    ];
  });
}
