import { Reference, type ValueMap } from './values';

/** A template, or a program's graph, that resources come from. */
export interface Template {
  /** Its name: the artifact id of a stack (`Shop`), the file's path, or `project/stack` of a Pulumi program. */
  readonly name: string;
  /** The file it was read from, where there is one. */
  readonly file?: string;
  /** The construct path of the stack, where it comes from a CDK app. */
  readonly path?: string;
  /** The template that holds the `AWS::CloudFormation::Stack` resource of a nested stack, and that resource. */
  readonly parent?: { readonly template: string; readonly resource: string };
  /** Account and region where the assembly names them. */
  readonly environment?: { readonly account?: string; readonly region?: string };
  /** `Outputs` of a CloudFormation template, normalised. */
  readonly outputs: ValueMap;
  /**
   * Where a path stands in the file: `['Resources', 'Queue', 'Properties', 'RedrivePolicy']`. The nearest place above
   * it where the path ends earlier; undefined where there is no file.
   */
  locate?(path: readonly string[]): SourceLocation | undefined;
}

/** A place in a source file. */
export interface SourceLocation {
  /** Path of the file. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1, where it is known. */
  readonly column?: number;
}

/** What a team has said about a finding on a construct. */
export interface Acknowledgement {
  /** `Lintel::RuleId` or `Lintel::RuleId[finding]`. */
  readonly id: string;
  /** Why it is accepted. */
  readonly reason: string;
  /** The construct path on which it was said. */
  readonly path: string;
}

/** One resource, whatever it was written in. */
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
  /** Where it stands in its template. */
  readonly location?: SourceLocation;
  /** Where the program made it, where the assembly says so. */
  readonly origin?: SourceLocation;
}

/** Resources of one or more templates, with references between them resolved. Immutable. */
export class Model {
  readonly resources: ReadonlyMap<string, Resource>;
  readonly templates: ReadonlyMap<string, Template>;
  /** By one type, and by the sets of types that were asked for. */
  private readonly byType = new Map<string, Resource[]>();

  constructor(
    templates: readonly Template[],
    resources: readonly Resource[],
    readonly acknowledgements: readonly Acknowledgement[] = [],
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
    if (known || types.length < 2) return known ?? [];
    const present = types.filter((type) => this.byType.has(type));
    const found =
      present.length > 1
        ? [...this.resources.values()].filter(({ type }) => present.includes(type))
        : (this.byType.get(present[0] ?? '') ?? []);
    this.byType.set(key, found);
    return found;
  }

  /** The resource that a value refers to directly; undefined for anything that is not a reference. */
  target(value: unknown): Resource | undefined {
    return value instanceof Reference ? this.resources.get(value.target) : undefined;
  }
}
