import type { Resource, SourceLocation } from './model';
import type { ValueMap } from './values';
import type { JsonObject } from '../record';

/** A CDK assembly's metadata on a resource. */
export interface Annotation {
  /** Construct path of the L1. */
  readonly path?: string;
  /** Where the program created it. */
  readonly origin?: SourceLocation;
}

/** Locations are looked up lazily: most resources never need them. */
export class TemplateResource implements Resource {
  readonly id: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: ValueMap;
  readonly dependsOn: readonly string[];
  readonly attributes: Resource['attributes'];
  readonly metadata: JsonObject;
  readonly template: string;
  readonly path: string | undefined;

  constructor(
    resource: Resource,
    private readonly annotation: Annotation,
    private readonly locate: () => SourceLocation | undefined,
  ) {
    this.id = resource.id;
    this.logicalId = resource.logicalId;
    this.type = resource.type;
    this.properties = resource.properties;
    this.dependsOn = resource.dependsOn;
    this.attributes = resource.attributes;
    this.metadata = resource.metadata;
    this.template = resource.template;
    this.path = annotation.path;
  }

  get origin(): SourceLocation | undefined {
    return this.annotation.origin;
  }

  get location(): SourceLocation | undefined {
    return this.locate();
  }
}
