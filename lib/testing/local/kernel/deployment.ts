import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import type { Names } from '../../../core/model/names';
import type { ValueMap } from '../../../core/model/values';
import { LocalRunError } from './errors';
import { type JsonObject, recordOf } from './json';

/** A resource as it would be deployed: every reference in it is resolved. */
export class Deployed {
  private read: { readonly at: number; readonly properties: JsonObject } | undefined;

  /** A resource of the model, and the names of everything. */
  constructor(
    readonly resource: Resource,
    private readonly names: Names,
  ) {}

  get type(): string {
    return this.resource.type;
  }

  get logicalId(): string {
    return this.resource.logicalId;
  }

  /** Its construct path, or template and logical id. */
  get displayName(): string {
    return displayName(this.resource);
  }

  /** Its properties, resolved. Values known only after deployment are left out. */
  get properties(): JsonObject {
    // A custom resource's response is known only later.
    if (this.read?.at !== this.names.generation) {
      const properties = recordOf(this.names.plain(this.resource.properties, this.resource.template));
      this.read = { at: this.names.generation, properties };
    }
    return this.read.properties;
  }

  /** Its properties, where null is a value known only after deployment: for what asks whether there is one. */
  get given(): JsonObject {
    return recordOf(this.names.plain(this.resource.properties, this.resource.template, null));
  }

  get name(): string {
    return this.names.physicalName(this.resource);
  }

  /** What `Ref` gives. */
  get ref(): string {
    return this.attribute() ?? this.name;
  }

  get arn(): string {
    return this.attribute('Arn') ?? this.ref;
  }

  /** The ARN of its stack. */
  get stackId(): string {
    return this.pseudo('AWS::StackId');
  }
  /** The account of its stack. */
  get account(): string {
    return this.pseudo('AWS::AccountId');
  }

  /** The region of its stack. */
  get region(): string {
    return this.pseudo('AWS::Region');
  }

  /** An ARN in its stack's account and region, for something outside the templates, such as a request to an API. */
  arnHere(service: string, resource: string): string {
    return `arn:${this.pseudo('AWS::Partition')}:${service}:${this.region}:${this.account}:${resource}`;
  }

  /** What `Fn::GetAtt` gives or, without a name, what `Ref` gives; undefined if unknown. */
  attribute(name?: string): string | undefined {
    return this.names.attribute(this.resource, name);
  }

  /** The same resource with other properties. */
  with(properties: JsonObject): Deployed {
    return new Deployed({ ...this.resource, properties: properties as ValueMap }, this.names);
  }

  /** A resource that this one defines, such as a method in an OpenAPI document. */
  derive(type: string, name: string, properties: JsonObject): Deployed {
    const place = { id: `${this.resource.id}/${name}`, logicalId: name, path: `${this.displayName}/${name}` };
    const derived = { ...this.resource, ...place, type, properties: properties as ValueMap, dependsOn: [] };
    return new Deployed(derived, this.names);
  }

  private pseudo(name: string): string {
    return this.names.parameter(name, this.resource.template) ?? '';
  }
}

/** A construct, or a resource's name: its logical id, `stack/logical id`, or its construct path or the end of it. */
export type ResourceName = string | { readonly node: { readonly path: string } };

/** Everything that would be deployed: the resources of all stacks, resolved. */
export class Deployment {
  private readonly everything: Deployed[];
  private readonly byArn = new Map<string, Deployed>();
  private readonly waiting = new Set<string>();
  private readonly refused = new Map<string, string>();

  /**
   * @param model the resources of all stacks
   * @param names their names
   * @param conditions outcomes of the conditions; a resource whose condition is false is not deployed
   */
  constructor(
    readonly model: Model,
    names: Names,
    conditions: Readonly<Record<string, boolean>> = {},
  ) {
    this.everything = [...model.resources.values()]
      .filter(({ attributes: { condition } }) => condition === undefined || conditions[condition] !== false)
      .map((resource) => new Deployed(resource, names));
  }

  /** Adds a resource that another one defines. */
  add(resource: Deployed): void {
    this.everything.push(resource);
  }

  /** Holds resources back, by id: they are not created yet. */
  hold(ids: Iterable<string>): void {
    for (const id of ids) this.waiting.add(id);
    this.byArn.clear();
  }

  /** Releases resources that were held back, to be created now. */
  release(ids: Iterable<string>): readonly Deployed[] {
    const made = new Set([...ids].filter((id) => this.waiting.delete(id)));
    return this.everything.filter(({ resource }) => made.has(resource.id));
  }

  /** Marks a resource as not created. */
  refuse({ resource }: Deployed, reason: string): void {
    this.refused.set(resource.id, reason);
  }

  /** Why a resource is not created; undefined if it is. */
  whyNotMade({ resource }: Deployed): string | undefined {
    return this.refused.get(resource.id);
  }

  /** Everything, created or not. */
  get planned(): readonly Deployed[] {
    return this.everything;
  }

  /** The resources of some types. */
  ofType(...types: readonly string[]): readonly Deployed[] {
    return this.all.filter(({ type }) => types.includes(type));
  }

  /** All types that occur, each with its resources. */
  types(): ReadonlyMap<string, readonly Deployed[]> {
    const found = new Map<string, Deployed[]>();
    for (const one of this.everything) found.set(one.type, [...(found.get(one.type) ?? []), one]);
    return found;
  }

  /** The resource of the given types with this ARN. */
  withArn(arn: string, ...types: readonly string[]): Deployed | undefined {
    const known = this.byArn.get(arn);
    if (known && types.includes(known.type)) return known;
    const found = this.ofType(...types).find((one) => one.arn === arn);
    if (found) this.byArn.set(arn, found);
    return found;
  }

  /** The resource of the given types with this `Ref`. */
  withRef(ref: string | undefined, ...types: readonly string[]): Deployed | undefined {
    return ref === undefined ? undefined : this.ofType(...types).find((one) => one.ref === ref);
  }

  /**
   * The one resource of some types that a user means.
   * @throws LocalRunError when there is none, or several
   */
  find(name: ResourceName, kind: string, ...types: readonly string[]): Deployed {
    return this.oneOf(this.ofType(...types), name, kind);
  }

  /**
   * The candidate that a user means.
   * @throws LocalRunError when there is none, or several
   */
  oneOf(candidates: readonly Deployed[], name: ResourceName, kind: string): Deployed {
    const wanted = typeof name === 'string' ? name : name.node.path;
    const matches: readonly ((one: Deployed) => boolean)[] = [
      ({ resource }) => [resource.id, resource.path, resource.logicalId].includes(wanted),
      ({ displayName: path }) => path === wanted,
      ({ displayName: path }) => path.endsWith(`/${wanted}`),
      // A construct's own resource comes before those of its children.
      ({ displayName: path }) =>
        `/${path}`.split(`/${wanted}/`).at(-1)!.split('/').length === 1 && isBelow(path, wanted),
      ({ displayName: path }) => isBelow(path, wanted),
    ];
    const found = matches.map((match) => candidates.filter(match)).find((some) => some.length > 0) ?? [];
    if (found.length === 1) return found[0]!;
    const names = (found.length > 1 ? found : candidates).map((one) => `'${one.displayName}'`).join(', ');
    throw new LocalRunError(
      found.length > 1
        ? `'${wanted}' names several ${kind}s: ${names}; use the whole construct path`
        : `there is no ${kind} '${wanted}'; there ${candidates.length === 0 ? 'are none' : `are ${names}`}`,
    );
  }

  private get all(): readonly Deployed[] {
    if (this.waiting.size === 0) return this.everything;
    return this.everything.filter(({ resource }) => !this.waiting.has(resource.id));
  }
}

function isBelow(path: string, wanted: string): boolean {
  return `/${path}`.includes(`/${wanted}/`);
}
