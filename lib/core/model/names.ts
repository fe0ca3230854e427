import { createHash } from 'node:crypto';
import { NAME_TABLE } from './name-table';
import type { Model, Resource } from './model';
import { at, isList, isMap, items } from './select';
import { Choice, Reference, type Scalar, Secret, type SplitText, Text, Unknown, type Value } from './values';

/** A value as JSON has it. */
export type Plain = Scalar | readonly Plain[] | { readonly [name: string]: Plain };

/** How concrete names are made. */
export interface NamesOptions {
  /**
   * Partition of the ARNs.
   * @default 'aws'
   */
  readonly partition?: string;
  /**
   * Region of the templates that do not name theirs.
   * @default 'us-east-1'
   */
  readonly region?: string;
  /**
   * Account of the templates that do not name theirs.
   * @default '123456789012'
   */
  readonly account?: string;
  /** What stands in place of the usual name, `Ref` (attribute `undefined`) or attribute; undefined keeps the usual. */
  readonly override?: (
    resource: Resource,
    attribute: string | undefined,
    usual: string | undefined,
  ) => string | undefined;
  /**
   * What a resource is known by in the names that CloudFormation and the services make up.
   * @default - its template and logical id
   */
  readonly identify?: (resource: Resource) => string;
  /** The values of parameters and pseudo parameters, by name. */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * The outcome of conditions, by name.
   * @default true
   */
  readonly conditions?: Readonly<Record<string, boolean>>;
  /** What stands for a value that cannot be told; undefined leaves its text unresolved. */
  readonly unresolved?: (value: Unknown | Secret | Reference) => string | undefined;
}

/**
 * Concrete names for the resources of a model, as CloudFormation would give them: physical names, ARNs, what `Ref` and
 * `Fn::GetAtt` are. The same model and options always give the same names; a name that the template leaves to
 * CloudFormation is made of the template's name and the logical id.
 *
 * @example
 * const names = new Names(model, { region: 'eu-west-1', account: '111111111111' });
 * names.arn(table); // 'arn:aws:dynamodb:eu-west-1:111111111111:table/Shop-Orders'
 */
export class Names {
  /** By resource, then by attribute. */
  private readonly known = new Map<string, Map<string, string | undefined>>();
  private readonly open = new Set<string>();
  private forgotten = 0;

  constructor(
    private readonly model: Model,
    private readonly options: NamesOptions = {},
  ) {}

  /** Counts how often what was known was forgotten. */
  get generation(): number {
    return this.forgotten;
  }

  /** Forgets what was made of names so far: `override` knows more now. */
  forget(): void {
    this.known.clear();
    this.forgotten++;
  }

  /** The ARN of a resource; undefined for a type whose ARN is not known here. */
  arn(resource: Resource): string | undefined {
    return this.attribute(resource, 'Arn');
  }

  /** The physical name of a resource: its own, or the one that stands for what CloudFormation makes up. */
  physicalName(resource: Resource): string {
    return this.remember(resource.id, '#name', () => this.makeName(resource)) ?? resource.logicalId;
  }

  /** What `Ref` (no attribute) or `Fn::GetAtt` gives for a resource; undefined where that is not known here. */
  attribute(resource: Resource, attribute?: string): string | undefined {
    const known = this.known.get(resource.id)?.get(attribute ?? '');
    if (known !== undefined) return known;
    return this.remember(resource.id, attribute ?? '', () => {
      const usual = this.usual(resource, attribute);
      return this.options.override?.(resource, attribute, usual) ?? usual;
    });
  }

  /**
   * The text that a value is at deployment; undefined where a part of it cannot be told.
   * @param template the template in which the value stands, for its account and region
   */
  text(value: Value | undefined, template?: string): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (value instanceof Text) {
      const parts = value.parts.map((part) => this.text(part, template));
      return parts.includes(undefined) ? undefined : parts.join('');
    }
    if (value instanceof Choice) return this.text(this.branch(value), template);
    if (value instanceof Reference) {
      const target = this.model.resources.get(value.target);
      return (target && this.attribute(target, value.attribute)) ?? this.options.unresolved?.(value);
    }
    if (value instanceof Unknown) {
      return (
        (value.name && this.parameter(value.name, template)) ||
        this.part(value.origin, template) ||
        this.options.unresolved?.(value)
      );
    }
    if (value instanceof Secret) return this.options.unresolved?.(value);
    return typeof value === 'object' ? undefined : String(value);
  }

  /**
   * A value as JSON. What cannot be told is left out of maps and lists, unless `unresolved` stands in for it.
   * @param template the template in which the value stands
   */
  plain(value: Value | undefined, template?: string): Plain | undefined {
    if (value instanceof Choice) return this.plain(this.branch(value), template);
    if (typeof value !== 'object' || value === null) return value;
    if (isList(value)) {
      const list: Plain[] = [];
      for (const item of value) {
        const plain = this.plain(item, template);
        if (plain !== undefined) list.push(plain);
      }
      return list;
    }
    if (isMap(value)) {
      const map: Record<string, Plain> = {};
      for (const name of Object.keys(value)) {
        const plain = this.plain(value[name], template);
        if (plain === undefined) continue;
        if (name === '__proto__') Object.defineProperty(map, name, { ...OWN, value: plain });
        else map[name] = plain;
      }
      return map;
    }
    return this.text(value, template);
  }

  /** The part of a text that `Fn::Select` takes of `Fn::Split`. */
  private part(origin: SplitText | undefined, template: string | undefined): string | undefined {
    if (origin?.index === undefined) return undefined;
    return this.text(origin.value, template)?.split(origin.delimiter)[origin.index];
  }

  /** A pseudo parameter or parameter; undefined where it is not known. */
  parameter(name: string, template?: string): string | undefined {
    const given = this.options.parameters?.[name];
    if (given !== undefined) return given;
    const { account, region } = (template !== undefined && this.model.templates.get(template)?.environment) || {};
    const { partition = 'aws' } = this.options;
    switch (name) {
      case 'AWS::Partition':
        return partition;
      case 'AWS::Region':
        return region ?? this.options.region ?? 'us-east-1';
      case 'AWS::AccountId':
        return account ?? this.options.account ?? '123456789012';
      case 'AWS::URLSuffix':
        return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
      case 'AWS::StackName':
        return template === undefined ? undefined : stackName(template);
      case 'AWS::StackId':
        return template === undefined ? undefined : this.stackId(template);
      default:
        return undefined;
    }
  }

  private branch(choice: Choice): Value | undefined {
    return (this.options.conditions?.[choice.condition] ?? true) ? choice.then : choice.otherwise;
  }

  private stackId(template: string): string {
    const of = (name: string) => this.parameter(name, template);
    const place = `${of('AWS::Region')}:${of('AWS::AccountId')}`;
    return `arn:${of('AWS::Partition')}:cloudformation:${place}:stack/${stackName(template)}/${uuid(template)}`;
  }

  private makeName(resource: Resource): string {
    const type = NAME_TABLE[resource.type];
    const given = type?.name === undefined ? undefined : this.text(resource.properties[type.name], resource.template);
    if (given !== undefined) return given;
    const fifo = resource.properties.FifoQueue ?? resource.properties.FifoTopic;
    const suffix = fifo === true || fifo === 'true' ? '.fifo' : '';
    const own = this.options.identify?.(resource);
    if (own !== undefined) return own + suffix;
    const full = `${stackName(resource.template)}-${resource.logicalId}`;
    const max = (type?.made?.max ?? 128) - suffix.length;
    const name = full.length > max ? `${full.slice(0, max - 9)}-${digest(full).slice(0, 8)}` : full;
    return (type?.made?.lower ? name.toLowerCase() : name) + suffix;
  }

  private usual(resource: Resource, attribute: string | undefined): string | undefined {
    const type = NAME_TABLE[resource.type];
    const pattern = attribute === undefined ? type && (type.ref ?? '{name}') : type?.attributes[attribute];
    if (pattern === undefined) return undefined;
    let text = '';
    for (const [index, part] of partsOf(pattern).entries()) {
      const filled = index % 2 ? this.fill(resource, part) : part;
      if (filled === undefined) return undefined;
      text += filled;
    }
    return text;
  }

  /** What a placeholder of the table stands for. */
  private fill(resource: Resource, placeholder: string): string | undefined {
    const { properties, template } = resource;
    const id = (): string => this.options.identify?.(resource) ?? resource.id;
    if (placeholder.startsWith('prop:')) {
      const property = placeholder.slice('prop:'.length);
      return this.text(properties[property], template) ?? (property === 'Path' ? '/' : undefined);
    }
    if (placeholder.startsWith('arn:')) return this.arnOf(properties[placeholder.slice('arn:'.length)], template);
    switch (placeholder) {
      case 'partition':
        return this.parameter('AWS::Partition', template);
      case 'region':
        return this.parameter('AWS::Region', template);
      case 'account':
        return this.parameter('AWS::AccountId', template);
      case 'suffix':
        return this.parameter('AWS::URLSuffix', template);
      case 'name':
        return this.physicalName(resource);
      case '/name':
        return `/${this.physicalName(resource).replace(/^\//, '')}`;
      case 'ref':
        return this.attribute(resource);
      case 'id':
        return digest(id()).slice(0, 10);
      case 'suffix6':
        return digest(id()).slice(0, 6);
      case 'uuid':
        return uuid(id());
      case 'port':
        return this.text(properties.Port, template) ?? portOf(this.text(properties.Engine, template));
      case 'scheme':
        return properties.ProtocolType === 'WEBSOCKET' ? 'wss' : 'https';
      case 'group':
        return this.text(properties.GroupName, template) ?? 'default';
      case 'machine':
        return this.arnOf(routedTo(resource), template)?.replace(/:[^:]*$/, '');
      case 'bus':
        return busOf(this.text(properties.EventBusName, template));
      default:
        return this.attribute(resource, placeholder);
    }
  }

  /** The ARN of what a property names: a resource of the model by any of its attributes, or an ARN. */
  private arnOf(value: Value | undefined, template: string): string | undefined {
    const target = this.model.target(value);
    // A secret's attachment, a function's alias or version name what they stand for by their own ARN.
    if (target && NAME_TABLE[target.type]) return this.arn(target);
    const text = this.text(value, template);
    return text?.startsWith('arn:') ? text : undefined;
  }

  /** Names may name each other; one that comes back to itself is not known. */
  private remember(id: string, attribute: string, make: () => string | undefined): string | undefined {
    const known = this.known.get(id);
    if (known?.has(attribute)) return known.get(attribute);
    const key = `${id} ${attribute}`;
    if (this.open.has(key)) return undefined;
    this.open.add(key);
    const made = make();
    this.open.delete(key);
    const now = this.known.get(id);
    if (now) now.set(attribute, made);
    else this.known.set(id, new Map([[attribute, made]]));
    return made;
  }
}

/** The version that an alias of a state machine leads to; the first of several, which are of one machine. */
function routedTo(alias: Resource): Value | undefined {
  const [first] = items(at(alias, 'RoutingConfiguration'));
  return at(first, 'StateMachineVersionArn') ?? at(alias, 'DeploymentPreference.StateMachineVersionArn');
}

/** As an assignment would make it. */
const OWN = { enumerable: true, writable: true, configurable: true };

const splitPatterns = new Map<string, readonly string[]>();

/** Text and placeholders of a pattern of the table, in turn. */
function partsOf(pattern: string): readonly string[] {
  const known = splitPatterns.get(pattern);
  if (known) return known;
  const parts = pattern.split(/\{([^}]+)\}/);
  splitPatterns.set(pattern, parts);
  return parts;
}

/** A template's name as a stack name: of a file only its name, of a stack in a stage without slashes. */
function stackName(template: string): string {
  const base = /\.(json|ya?ml|template)$/i.test(template) ? template.replace(/^.*[\\/]/, '') : template;
  return base.replace(/(\.template)?\.(json|ya?ml|template)$/i, '').replace(/[^A-Za-z0-9-]+/g, '-');
}

function busOf(name: string | undefined): string {
  const bus = name?.replace(/^.*event-bus\//, '');
  return bus === undefined || bus === 'default' ? '' : `${bus}/`;
}

function portOf(engine: string | undefined): string {
  return engine?.includes('postgres') ? '5432' : '3306';
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function uuid(text: string): string {
  return digest(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}
