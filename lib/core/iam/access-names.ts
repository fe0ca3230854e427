import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import { NAME_TABLE, STREAM } from '../model/name-table';
import { Names } from '../model/names';
import { at, items } from '../model/select';
import { type ArnIndex, arnIndex, type Found } from './arn-index';
import { withBasis, withoutBasis } from './basis';
import { overlaps } from './coverage';
import { Reference, Secret, type Unknown, type Value } from '../model/values';

/** Stands for the account of a template that does not name it. */
export const SOME_ACCOUNT = '000000000000';
/** Stands for the region of a template that does not name it. */
export const SOME_REGION = 'some-region';

/**
 * The names used to compare and show access: resources go by construct path, so that hashes in logical ids, accounts
 * and regions make no difference.
 */
export class AccessNames {
  /** Names that contain construct paths. */
  readonly names: Names;
  /** Finds resources by those names. */
  readonly index: ArnIndex;
  private readonly shown = new Map<string, string>();
  private copies?: readonly { readonly arn: string; readonly name: string }[];
  private databases?: ReadonlyMap<string | undefined, Resource>;

  constructor(private readonly model: Model) {
    this.names = new Names(model, {
      account: SOME_ACCOUNT,
      region: SOME_REGION,
      identify,
      unresolved: (value) => standIn(value, this.names),
    });
    this.index = arnIndex(model, this.names);
  }

  /** The resource of the model whose ARN a text starts with; undefined if there is none. */
  find(text: string): Found | undefined {
    return this.index.find(text);
  }

  /** The ARN in a value, or of the resource it refers to in another way; undefined for other text. */
  arnOf(value: Value | undefined, template: string): string | undefined {
    const text = this.names.text(value, template);
    if (text === undefined || text.startsWith('arn:') || isOpen(text)) return text;
    const [named] = this.index.named(value, template);
    return named && this.names.arn(named);
  }

  /**
   * Whether a pattern and a target that do not match may still match at deployment: part of either is known only then,
   * or is an unnamed account or region, or a generated name.
   */
  mayBeSame(pattern: string, target: string): boolean {
    const [one, other] = [this.withoutMadeUpName(pattern), this.withoutMadeUpName(target)];
    return overlaps(loosened(one, other), loosened(other, one));
  }

  /** CloudFormation generates names from the stack, the logical id and a random suffix. */
  private withoutMadeUpName(text: string): string {
    const resource = this.find(text)?.resource;
    const property = resource && NAME_TABLE[resource.type]?.name;
    if (!resource || !property || resource.properties[property] !== undefined) return text;
    return text.replace(identify(resource), '*-*-*');
  }

  /** A policy's text for display: construct paths for the model's resources, no placeholder account or region. */
  show(text: string): string {
    const known = this.shown.get(text);
    if (known !== undefined) return known;
    const found = text.startsWith('arn:') ? (this.find(text) ?? this.databaseUser(text)) : undefined;
    const shown = withoutBasis(
      found
        ? displayName(found.resource) + found.rest.replace(STREAM, '/stream')
        : (this.replica(text) ??
            text.replaceAll(SOME_ACCOUNT, '${AWS::AccountId}').replaceAll(SOME_REGION, '${AWS::Region}')),
    );
    this.shown.set(text, shown);
    return shown;
  }

  /** The replica of a table of the model that an ARN names, with what follows: `Shop/Orders (eu-central-1)/index/byCustomer`. */
  private replica(text: string): string | undefined {
    if (!/^arn:[^:]+:dynamodb:/.test(text)) return undefined;
    const found = this.replicas.find(({ arn }) => text === arn || text.startsWith(`${arn}/`));
    return found && found.name + text.slice(found.arn.length).replace(STREAM, '/stream');
  }

  /** The ARN of a replica by its displayed name. */
  replicaArn(shown: string): string | undefined {
    const found = this.replicas.find(({ name }) => shown === name || shown.startsWith(`${name}/`));
    return found && found.arn + shown.slice(found.name.length);
  }

  /** Tables in other regions than their template's. */
  private get replicas(): readonly { readonly arn: string; readonly name: string }[] {
    this.copies ??= this.model.ofType('AWS::DynamoDB::GlobalTable').flatMap((table) => {
      const home = this.names.arn(table);
      return items(at(table, 'Replicas')).flatMap((replica) => {
        const region = this.names.text(at(replica, 'Region'), table.template);
        const arn = region && home?.replace(/^(arn:[^:]+:dynamodb:)[^:]*/, `$1${region}`);
        return arn && arn !== home ? [{ arn, name: `${displayName(table)} (${region})` }] : [];
      });
    });
    return this.copies;
  }

  /** The proxy or database that a database user's ARN names by its resource id. */
  private databaseUser(text: string): Found | undefined {
    const [, id, rest] = /:dbuser:([^/]+)(\/.+)$/.exec(text) ?? [];
    if (id === undefined || rest === undefined) return undefined;
    this.databases ??= new Map(
      this.model.ofType(...Object.keys(ID_ATTRIBUTES)).map((one) => [this.databaseId(one), one]),
    );
    const resource = this.databases.get(id);
    return resource && { resource, rest };
  }

  /** The id of a proxy or database in IAM: `prx-...`, `cluster-...`, `db-...`. */
  databaseId({ id, type, template }: Resource): string | undefined {
    const attribute = ID_ATTRIBUTES[type];
    return attribute && this.names.text(new Reference(id, attribute), template)?.split(':').at(-1);
  }

  /** A sentence with quoted policy texts, for display. */
  showIn(sentence: string): string {
    return sentence.replace(/'([^']*)'/g, (_, text: string) => `'${this.show(text)}'`);
  }
}

/** The attribute with the IAM id of a proxy or database. */
const ID_ATTRIBUTES: Readonly<Record<string, string>> = {
  'AWS::RDS::DBProxy': 'DBProxyArn',
  'AWS::RDS::DBCluster': 'DBClusterResourceId',
  'AWS::RDS::DBInstance': 'DbiResourceId',
};

/** Whether a string contains something known only at deployment. */
export function isOpen(text: string): boolean {
  return /<[^<>]*>/.test(text);
}

/**
 * Puts wildcards for anything known only at deployment, and for an unnamed account or region unless the other text has
 * none either: two wildcards would match across parts of an ARN.
 */
function loosened(text: string, other: string): string {
  const parts = text.replace(/<[^<>]*>/g, '*').split(':');
  if (parts.length < 6) return parts.join(':');
  const [arn, partition, service, region, account, ...resource] = parts as [string, string, string, string, string];
  const [, , , otherRegion, otherAccount] = other.split(':');
  const anywhere = region === SOME_REGION && otherRegion !== SOME_REGION ? '*' : region;
  const anybody = account === SOME_ACCOUNT && otherAccount !== SOME_ACCOUNT ? '*' : account;
  return [arn, partition, service, anywhere, anybody, ...resource].join(':');
}

/** The stand-in for a resource's generated name. */
function identify(resource: Resource): string {
  return displayName(resource).replace(/[*?:<>]/g, '_');
}

/** Text in angle brackets, which never occurs in an ARN or action. */
function standIn(value: Unknown | Secret | Reference, names: Names): string {
  if (value instanceof Reference) return `<${[value.target, value.attribute].filter(Boolean).join('.')}>`;
  if (value instanceof Secret) return `<${value.source}>`.replaceAll(':', '.');
  const { origin, basis, name } = value;
  if (name !== undefined || !origin) return `<${withBasis(plain(name ?? value.reason), basis)}>`;
  const whole = plain(names.text(origin.value) ?? 'unknown');
  return `<${origin.index === undefined ? 'the parts' : `part ${origin.index + 1}`} of ${whole}>`;
}

/** Words allowed in angle brackets within an ARN. */
function plain(text: string): string {
  const short = text.replace(/ (?:is|are) known only at deployment$| comes from outside of the assembly$/, '');
  return short.replace(/[<>'*?]/g, '').replace(/:+/g, '.');
}
