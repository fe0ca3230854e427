import type { ResourceGraph } from '../core/model/graph';

/** A template as JSON. */
export type TemplateJson = Record<string, unknown>;

/** A CDK stack. Like all CDK types here, recognised by shape, so that a program without CDK needs no CDK types. */
export interface StackSource {
  /** Its place among the constructs. */
  readonly node: { readonly path: string };
  /** The name of its template in the assembly. */
  readonly templateFile: string;
  /** Its name in the assembly. */
  readonly artifactId: string;
}

/** A CDK app or stage. */
export interface StageSource {
  /** Its place among the constructs. */
  readonly node: { readonly path: string };
  /** Where it is synthesized to. */
  readonly outdir: string;
  /** Synthesizes it. */
  synth(): { readonly directory: string };
}

/** A `Template` of `aws-cdk-lib/assertions`. */
export interface AssertionsSource {
  /** The template. */
  toJSON(): TemplateJson;
  /** Distinguishes it from other sources. */
  hasResourceProperties(type: string, props: unknown): void;
}

/** A stack in a cloud assembly. */
export interface ArtifactSource {
  /** Its template. */
  readonly template: TemplateJson;
  /** Where the template is. */
  readonly templateFullPath: string;
}

/** Whatever holds one synthesized template. */
export type TemplateSource = StackSource | AssertionsSource | ArtifactSource | TemplateJson;

/** Whatever a model can be read from: constructs, assemblies, templates, a Pulumi graph, a path. */
export type ModelSource = StageSource | TemplateSource | { readonly directory: string } | ResourceGraph | string;
