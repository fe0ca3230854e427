import type { WritersWords } from './pulumi-words';
import type { ReadError } from './read-error';
import type { Assumptions } from './select';
import { Reference, type ValueMap } from './values';

/** A template or program graph with resources. */
export interface Template {
  /**
   * Its name: the artifact id of a stack (`Shop`), the place of its file in the input (`api/template.yaml`), or
   * `project/stack` of a Pulumi program. Never the path as typed.
   */
  readonly name: string;
  /** The file it was read from, if any. */
  readonly file?: string;
  /** The construct path of the stack, if it comes from a CDK app. */
  readonly path?: string;
  /** The template that holds the `AWS::CloudFormation::Stack` resource of a nested stack, and that resource. */
  readonly parent?: { readonly template: string; readonly resource: string };
  /** Account and region, if the assembly names them. */
  readonly environment?: { readonly account?: string; readonly region?: string };
  /** `Outputs` of a CloudFormation template, normalised. */
  readonly outputs: ValueMap;
  /** `Parameters` of a CloudFormation template, as written. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** `Conditions` of a CloudFormation template, as written. */
  readonly conditions?: Readonly<Record<string, unknown>>;
  /** The deployed name of the stack, if known; `Fn::GetStackOutput` uses it. */
  readonly stackName?: string;
  /**
   * The tags of the stack, which CloudFormation also gives to its resources; their own take precedence.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
  /** Whether it asks for SAM's transform, which writes APIs as OpenAPI documents. */
  readonly ofSam?: boolean;
  /** What could not be read, by the resource it is in; see `unreadIn`. */
  readonly unread?: readonly UnreadNote[];
  /**
   * The ways the template can be deployed, by the conditions of its resources and their values; empty if none is open
   * or there are too many.
   */
  scenarios?(): readonly Assumptions[];
  /**
   * The location of a path in the file: `['Resources', 'Queue', 'Properties', 'RedrivePolicy']`, or of its nearest
   * existing ancestor; undefined without a file.
   */
  locate?(path: readonly string[]): SourceLocation | undefined;
}

/** Why something deployed was not read. */
export type UnreadKind =
  /** The template of a nested stack or application is not available. */
  | 'nested-template'
  /** A file beside the template is not available: a definition, an included part. */
  | 'file'
  /** It expands to resources or permissions unknown here. */
  | 'expansion'
  /** It is a SAM resource, or has SAM's connectors, in a template that does not name SAM's transform. */
  | 'transform'
  /** Rules know it by CloudFormation's name, and its own type is not translated. */
  | 'translation'
  /** A component of a Pulumi program whose provider makes its resources elsewhere. */
  | 'component';

/** Something in a resource that was not read. */
export interface UnreadNote {
  /** Why. */
  readonly kind: UnreadKind;
  /** Logical id of the resource. */
  readonly logicalId: string;
  /** The property, dotted. */
  readonly property?: string;
  /** What was not read, in words: `the file api.yaml of DefinitionUri is not there`. */
  readonly reason: string;
}

/** A place in a source file. */
export interface SourceLocation {
  /** Path of the file. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1, if known. */
  readonly column?: number;
}

/** A team's acknowledgement of a finding on a construct. */
export interface Acknowledgement {
  /** `Lintel::RuleId` or `Lintel::RuleId[finding]`. */
  readonly id: string;
  /** Why it is accepted. */
  readonly reason: string;
  /** The path of the acknowledged construct. */
  readonly path: string;
  /**
   * The template whose resources it is about, with those of nested stacks.
   * @default - every resource of the model at or below the path
   */
  readonly within?: string;
}

/** A resource, whatever its source. */
export interface Resource {
  /** Unique in its model: `<template name>/<logical id>`. */
  readonly id: string;
  /** Its name in its template (CloudFormation logical id, Pulumi resource name). */
  readonly logicalId: string;
  /** CloudFormation type (`AWS::Lambda::Function`) or Pulumi type token (`cloudflare:index/queue:Queue`). */
  readonly type: string;
  /** Its properties, normalised. */
  readonly properties: ValueMap;
  /** Ids of the resources it depends on explicitly. */
  readonly dependsOn: readonly string[];
  /** `DeletionPolicy`, `UpdateReplacePolicy`, `Condition`, as in the template. */
  readonly attributes: {
    readonly condition?: string;
    readonly deletionPolicy?: string;
    readonly updateReplacePolicy?: string;
  };
  /** The `Metadata` section, as in the template. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Name of its template. */
  readonly template: string;
  /** Construct path of the L1, or the path of names of a Pulumi resource. */
  readonly path?: string;
  /** Its location in its template. */
  readonly location?: SourceLocation;
  /** Where the program created it, if the assembly says so. */
  readonly origin?: SourceLocation;
  /** The author's terms, if they differ from CloudFormation's: in a Pulumi program. */
  readonly words?: WritersWords;
}

/** Resources of one or more templates, with references between them resolved. Immutable. */
export class Model {
  readonly resources: ReadonlyMap<string, Resource>;
  readonly templates: ReadonlyMap<string, Template>;
  /** By single type, and by the requested sets of types. */
  private readonly byType = new Map<string, Resource[]>();
  private readonly readTypes = new Set<string>();

  constructor(
    templates: readonly Template[],
    resources: readonly Resource[],
    readonly acknowledgements: readonly Acknowledgement[] = [],
    /** What could not be read at all and is missing from this model. A judgement of it is incomplete. */
    readonly failures: readonly ReadError[] = [],
  ) {
    this.templates = new Map(templates.map((template) => [template.name, template]));
    this.resources = new Map(resources.map((resource) => [resource.id, resource]));
    for (const resource of resources) {
      const sameType = this.byType.get(resource.type);
      if (sameType) sameType.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
  }

  /** The resources of the given types, in the order of their templates. */
  ofType(...types: readonly string[]): readonly Resource[] {
    const key = types.join(' ');
    const known = this.byType.get(key);
    if (known && types.length > 1) return known;
    for (const type of types) this.readTypes.add(type);
    if (types.length < 2) return known ?? [];
    const present = types.filter((type) => this.byType.has(type));
    const found =
      present.length > 1
        ? [...this.resources.values()].filter(({ type }) => present.includes(type))
        : (this.byType.get(present[0] ?? '') ?? []);
    this.byType.set(key, found);
    return found;
  }

  /** The types requested so far, whether or not there are such resources. */
  get askedTypes(): ReadonlySet<string> {
    return this.readTypes;
  }

  /** The resource that a value refers to directly; undefined for anything that is not a reference. */
  target(value: unknown): Resource | undefined {
    return value instanceof Reference ? this.resources.get(value.target) : undefined;
  }
}

/**
 * Requires a complete model, such as for a run.
 * @throws ReadError when a part of it could not be read
 */
export function whole(model: Model): Model {
  const [failure] = model.failures;
  if (failure) throw failure;
  return model;
}
