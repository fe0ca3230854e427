import { parseJson } from '../model/json-document';
import { tableOf } from '../table';
import type { Model, Resource } from '../model/model';
import type { Names } from '../model/names';
import { isList, isMap } from '../model/select';
import { Choice, Text, type Value, type ValueMap } from '../model/values';
import { type DocumentPlace, statementOf, statementsOf, type TemplateStatement } from './documents';
import { grantsBySetting } from './grantees';
import { IDENTITY_POLICIES, RESOURCE_POLICIES } from './policy-places';
import { STATEMENT_TYPES } from './resource-policies';

/** Text that looks like a policy, in JSON or YAML, with quotes escaped or not. */
const LIKE_POLICY = /\bEffect\\*["']?\s*:\s*\\*["']?(?:Allow|Deny)\b/;

/** Text that runs somewhere and may well create policies; a template in it is read as one, or reported as not read. */
const CODE = tableOf<readonly string[]>({
  'AWS::AppSync::FunctionConfiguration': ['Code', 'RequestMappingTemplate', 'ResponseMappingTemplate'],
  'AWS::AppSync::Resolver': ['Code', 'RequestMappingTemplate', 'ResponseMappingTemplate'],
  'AWS::CloudFormation::StackSet': ['TemplateBody'],
  'AWS::CloudFront::Function': ['FunctionCode'],
  'AWS::EC2::Instance': ['UserData'],
  'AWS::Lambda::Function': ['Code'],
  'AWS::Serverless::Function': ['InlineCode'],
});

/** Types with principals that are read elsewhere. */
const SHARED: readonly string[] = ['AWS::RAM::ResourceShare', 'AWS::SSO::Assignment'];
/** What properties are called that name whom something is shared with. */
const PRINCIPALS = /(?:^|[a-z])Principals?(?:Arns?|ARNs?|Identifiers?)?$/;
/** An account, or something of IAM or an organization. */
const IDENTITY = /^(?:\*|\d{12}|arn:[^:]*:(?:iam|sts|organizations):.*)$/;

/**
 * Statements in places not known to hold policies: in unknown types, in a custom resource's properties, in text. They
 * are never dropped; whether they grant anything is unknown.
 */
export function sweptStatements(model: Model, names: Names): readonly TemplateStatement[] {
  return [...model.resources.values()].flatMap((resource) => {
    // Pulumi's own resources have no policies of this kind, but their types are read under AWS's names.
    if (!resource.type.includes('::')) return [];
    return new Sweep(resource, names).found();
  });
}

const knownByType = new Map<string, readonly string[]>();

/** The properties of a type that are read as policies, and those that are code. */
function knownIn(type: string): readonly string[] {
  const known = knownByType.get(type);
  if (known) return known;
  const found = [
    ...(RESOURCE_POLICIES[type] ?? []).map(({ document }) => document),
    ...(IDENTITY_POLICIES[type] ?? []),
    ...(type === 'AWS::Events::EventBusPolicy' ? ['Statement'] : []),
    ...(CODE[type] ?? []),
  ];
  knownByType.set(type, found);
  return found;
}

class Sweep {
  private readonly statements: TemplateStatement[] = [];
  private readonly known: readonly string[];

  constructor(
    private readonly resource: Resource,
    private readonly names: Names,
  ) {
    this.known = knownIn(resource.type);
  }

  found(): readonly TemplateStatement[] {
    const { properties, type } = this.resource;
    if (!STATEMENT_TYPES.includes(type) && (isStatement(properties) || asStatement(properties))) {
      this.lookIntoMap(properties, '', '');
      return this.statements;
    }
    if (!STATEMENT_TYPES.includes(type) && !SHARED.includes(type) && !grantsBySetting(type)) {
      this.lookForPrincipals(properties, '');
    }
    for (const name of Object.keys(properties)) {
      const value = properties[name];
      if (!this.known.includes(name) && mayHold(value)) this.look(value, name, name);
    }
    return this.statements;
  }

  /** @param general the path with `*` for each index */
  private look(value: Value | undefined, path: string, general: string): void {
    if (value === undefined || value === null || (this.known.length > 0 && this.known.includes(general))) return;
    if (typeof value === 'string' || value instanceof Text) this.lookIntoText(value, path);
    else if (value instanceof Choice) {
      this.look(value.then, path, general);
      this.look(value.otherwise, path, general);
    } else if (isList(value)) value.forEach((item, index) => this.look(item, `${path}.${index}`, `${general}.*`));
    else if (isMap(value)) this.lookIntoMap(value, path, general);
  }

  private lookIntoMap(value: ValueMap, path: string, general: string): void {
    const granting = asStatement(value);
    if (granting) this.add(statementOf(granting, this.place(path, granting), {}));
    else if (isStatement(value)) this.add(statementOf(value, this.place(path, value), {}));
    else if (holdsStatements(value.Statement)) this.add(statementsOf(value, this.place(path, value.Statement)));
    else for (const [name, item] of Object.entries(value)) this.look(item, `${path}.${name}`, `${general}.${name}`);
  }

  /** Whom a setting names, an account or an identity, in a type that is not known to share anything. */
  private lookForPrincipals(value: Value | undefined, path: string): void {
    if (value instanceof Choice) {
      this.lookForPrincipals(value.then, path);
      this.lookForPrincipals(value.otherwise, path);
    } else if (isList(value)) value.forEach((item, index) => this.lookForPrincipals(item, `${path}.${index}`));
    else if (isMap(value)) {
      if (asStatement(value) || isStatement(value)) return;
      for (const [name, item] of Object.entries(value)) {
        const place = path === '' ? name : `${path}.${name}`;
        if (this.known.includes(place)) continue;
        if (PRINCIPALS.test(name)) this.addShared(item, place);
        this.lookForPrincipals(item, place);
      }
    }
  }

  private addShared(value: Value | undefined, path: string): void {
    const principals = (isList(value) ? value : [value])
      .map((one) => (one === undefined ? undefined : this.names.text(one, this.resource.template)))
      .filter((one) => one !== undefined && IDENTITY.test(one)) as readonly string[];
    if (principals.length === 0) return;
    const service = this.resource.type.split('::')[1]!.toLowerCase();
    const statement: Value = {
      Effect: 'Allow',
      Principal: { AWS: principals },
      Action: `${service}:<what it allows>`,
      Resource: '*',
    };
    this.add(statementOf(statement, { ...this.place(path, undefined), kind: 'resource' }, {}));
  }

  private lookIntoText(value: string | Text, path: string): void {
    const parts = typeof value === 'string' ? [value] : value.parts;
    if (!parts.some((part) => typeof part === 'string' && LIKE_POLICY.test(part))) return;
    const text = this.names.text(value, this.resource.template) ?? '';
    try {
      const parsed = parseJson(text, this.resource.template).data as Value;
      if (typeof parsed === 'object') this.look(parsed, path, path);
    } catch {
      const problem = 'text that looks like a policy is not JSON, or has a name twice';
      this.statements.push({ holder: this.resource, property: path, when: {}, problem });
    }
  }

  private add(statements: readonly TemplateStatement[]): void {
    this.statements.push(...statements);
  }

  private place(property: string, value: Value | undefined): DocumentPlace {
    return {
      holder: this.resource,
      property,
      kind: namesPrincipal(value) ? 'resource' : 'identity',
      names: this.names,
    };
  }
}

/** Cheap, without paths: most properties hold nothing that could be a statement. */
function mayHold(value: Value | undefined): boolean {
  if (typeof value === 'string') return value.includes('Effect');
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Text) return value.parts.some((part) => typeof part === 'string' && part.includes('Effect'));
  if (value instanceof Choice) return mayHold(value.then) || mayHold(value.otherwise);
  if (isList(value)) return value.some(mayHold);
  if (!isMap(value)) return false;
  for (const name of Object.keys(value)) {
    if (name === 'Effect' || name === 'Statement' || name === 'Actions' || mayHold(value[name])) return true;
  }
  return false;
}

/** Permissions that are not written as a policy: `{ Principal: '...', Actions: [...] }`. */
function asStatement({ Principal, Actions, Effect }: ValueMap): ValueMap | undefined {
  const names = Principal instanceof Text || typeof Principal === 'string';
  if (!names || !isList(Actions) || Effect !== undefined) return undefined;
  return { Effect: 'Allow', Principal: { AWS: Principal }, Action: Actions, Resource: '*' };
}

function isStatement(value: Value | undefined): boolean {
  return (
    isMap(value) &&
    value.Effect !== undefined &&
    ['Action', 'NotAction', 'Resource', 'NotResource'].some((name) => value[name] !== undefined)
  );
}

function holdsStatements(value: Value | undefined): boolean {
  if (value instanceof Choice) return holdsStatements(value.then) || holdsStatements(value.otherwise);
  return isList(value) ? value.some(holdsStatements) : isStatement(value);
}

function namesPrincipal(value: Value | undefined): boolean {
  if (value instanceof Choice) return namesPrincipal(value.then) || namesPrincipal(value.otherwise);
  if (isList(value)) return value.some(namesPrincipal);
  return isMap(value) && (value.Principal !== undefined || value.NotPrincipal !== undefined);
}
