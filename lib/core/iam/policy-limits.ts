import { type PolicyLimits, resourcePolicies } from '../facts';
import { at as exactly, type Extent, extentOf, perhapsWithin, sum } from '../model/extent';
import type { Model, Resource } from '../model/model';
import { at, entries, isList, isMap, items, toText } from '../model/select';
import { Choice, Computed, Reference, Text, type Value } from '../model/values';
import { RESOURCE_POLICIES } from './policy-places';
import { ModelAccess } from './model-access';
import { documentsAt } from './resource-policies';

/** A resource policy over a service's size limit, or one whose size only the deployment will tell. */
export interface PolicyExcess {
  readonly resource: Resource;
  readonly property: string;
  /** Whether it is too large whatever the values known only at deployment. */
  readonly certain: boolean;
  /** `has a policy of 9120 bytes, more than the 8192 that SQS takes`. */
  readonly message: string;
}

/** The resource policies of a model that exceed, or may exceed, their services' limits. */
export function policiesInExcess(model: Model): readonly PolicyExcess[] {
  return [...documentsOf(model), ...busPolicies(model), ...permissions(model)];
}

function documentsOf(model: Model): PolicyExcess[] {
  return Object.entries(resourcePolicies).flatMap(([type, { value: limits }]) =>
    (RESOURCE_POLICIES[type] ?? []).flatMap((place) =>
      (type === BUS ? [] : model.ofType(type)).flatMap((resource) =>
        documentsAt(resource, place.document).flatMap(({ value, property }) => {
          const { document, extent } = readDocument(value);
          const counts = countsOf(items(at(document, 'Statement')), listOf(at(document, 'Statement')), limits);
          return excess(
            resource,
            property,
            'a policy',
            [{ what: 'bytes', extent, limit: limits.bytes }, ...counts],
            limits,
          );
        }),
      ),
    ),
  );
}

/** A document, which may be given as JSON text. */
export function readDocument(value: Value): { readonly document: Value; readonly extent: Extent } {
  if (typeof value === 'string' || value instanceof Text) return readText(value);
  const parts = [value, at(value, 'Statement'), ...items(at(value, 'Statement'))];
  const open = parts.some((part) => part instanceof Computed && !(part instanceof Choice));
  const extent = extentOf(value);
  return { document: value, extent: open ? { min: extent.min, max: Infinity } : extent };
}

/** Text is not quoted again, and its white space may not count. */
function readText(value: string | Text): { readonly document: Value; readonly extent: Extent } {
  const parts: readonly Value[] = value instanceof Text ? value.parts : [value];
  const extent = sum(
    parts.map((part) => {
      if (typeof part === 'string') return { min: minified(part), max: Buffer.byteLength(part) };
      const { min, max } = extentOf(part);
      return { min: Math.max(0, min - 2), max };
    }),
  );
  try {
    return { document: JSON.parse(parts.map((part) => toText(part) ?? '0').join('')) as Value, extent };
  } catch {
    return { document: null, extent: { min: extent.min, max: value instanceof Text ? Infinity : extent.max } };
  }
}

function minified(text: string): number {
  return Buffer.byteLength(text.replace(/\s+/g, ''));
}

interface Count {
  readonly what: string;
  readonly extent: Extent;
  readonly limit: number | undefined;
}

/** @param certain those present whatever the template's conditions */
function countsOf(statements: readonly Value[], certain: readonly Value[], limits: PolicyLimits): Count[] {
  const principals = (from: readonly Value[]) =>
    from.flatMap((one) => {
      const principal = at(one, 'Principal');
      return isMap(principal) ? Object.values(principal).flatMap((list) => items(list)) : items(principal);
    }).length;
  const actions = (from: readonly Value[]) => Math.max(0, ...from.map((one) => items(at(one, 'Action')).length));
  const counted = (count: (from: readonly Value[]) => number) => ({ min: count(certain), max: count(statements) });
  return [
    { what: 'statements', extent: counted((from) => from.length), limit: limits.statements },
    { what: 'principals', extent: counted(principals), limit: limits.principals },
    { what: 'actions in one statement', extent: counted(actions), limit: limits.actions },
  ];
}

function listOf(value: Value | undefined): readonly Value[] {
  const list = isList(value) ? value : value === undefined ? [] : [value];
  return list.filter((item) => !(item instanceof Computed));
}

function excess(
  resource: Resource,
  property: string,
  what: string,
  counts: readonly Count[],
  { service, raisable }: PolicyLimits,
): PolicyExcess[] {
  const over = counts.filter(({ extent, limit }) => limit !== undefined && extent.max > limit);
  const [worst] = [...over.filter(({ extent, limit }) => extent.min > limit!), ...over];
  if (!worst) return [];
  const { extent, limit } = worst;
  const takes = `the ${limit} that ${service} takes${raisable ? ' unless the quota was raised' : ''}`;
  const certain = extent.min > limit!;
  const number = certain && extent.min < extent.max ? `at least ${extent.min}` : String(extent.min);
  const message = certain
    ? `has ${what} of ${number} ${worst.what}, more than ${takes}`
    : `has ${what} of ${perhapsWithin(extent, worst.what, takes)}`;
  return [{ resource, property, certain, message }];
}

const BUS = 'AWS::Events::EventBus';

/** The frame of a policy that a service assembles from statements. */
const FRAME = exactly(Buffer.byteLength('{"Version":"2012-10-17","Id":"default","Statement":[]}'));

/** EventBridge keeps the statements of all policies of a bus in one. */
function busPolicies(model: Model): PolicyExcess[] {
  const limits = resourcePolicies[BUS]!.value;
  const groups = groupBy(model, 'AWS::Events::EventBusPolicy', 'EventBusName', [BUS]);
  const own = model.ofType(BUS).flatMap((bus) => {
    const policy = at(bus, 'Policy');
    const group = groups.get(`#${bus.id}`) ?? [];
    return policy === undefined ? [] : [{ bus, policy, group }];
  });
  const judged = new Set(own.flatMap(({ group }) => group));
  const alone = [...groups.values()].filter(([first]) => !judged.has(first!));
  return [
    ...own.flatMap(({ bus, policy, group }) => ofBus(bus, 'Policy', [readDocument(policy).extent], group, limits)),
    ...alone.flatMap((group) => ofBus(group[0]!, '', [FRAME], group, limits)),
  ];
}

function ofBus(
  holder: Resource,
  property: string,
  base: readonly Extent[],
  group: readonly Resource[],
  limits: PolicyLimits,
): PolicyExcess[] {
  const statements = group.map((one) => {
    const statement = at(one, 'Statement');
    return statement === undefined ? sum([extentOf(one.properties), ARN]) : extentOf(statement);
  });
  const extent = sum([...base, ...statements, exactly(Math.max(0, statements.length - 1))]);
  return excess(holder, property, 'a bus policy', [{ what: 'bytes', extent, limit: limits.bytes }], limits);
}

const ARN = { min: 45, max: 256 };

const FUNCTIONS = ['AWS::Lambda::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::Version'];

/** `arn:aws-us-gov:lambda:us-gov-east-1:111122223333:function:` and a name of 64 letters, without a version or alias. */
const OF_FUNCTION = { min: 45, max: 122 };

/** CloudFormation builds a `Sid` from the stack, the logical id and a random part. */
const SID = { min: 16, max: 100 };

/** Lambda keeps the permissions of a function, a version or an alias in one policy. */
function permissions(model: Model): PolicyExcess[] {
  const limits = resourcePolicies['AWS::Lambda::Permission']!.value;
  const groups = groupBy(model, 'AWS::Lambda::Permission', 'FunctionName', FUNCTIONS);
  return [...groups.values()].flatMap((group) => {
    const extent = sum([FRAME, ...group.map(permission), exactly(group.length - 1)]);
    const count = { what: 'bytes', extent, limit: limits.bytes };
    return excess(group[0]!, '', `one of ${group.length} permissions of one function, with a policy`, [count], limits);
  });
}

/** A permission's statement as Lambda writes it. */
function permission(resource: Resource): Extent {
  const { Principal, Action } = resource.properties;
  const conditions = entries(resource.properties).filter(([name]) => name in CONDITIONS);
  return sum([
    exactly(Buffer.byteLength('{"Sid":"","Effect":"Allow","Principal":{"AWS":},"Action":,"Resource":""}')),
    ...[SID, at(resource, 'FunctionName') instanceof Reference ? OF_FUNCTION : ARN],
    ...[extentOf(Principal), extentOf(Action)],
    ...conditions.map(([name, value]) => sum([exactly(CONDITIONS[name]!), extentOf(value)])),
    exactly(conditions.length > 0 ? ',"Condition":{}'.length : 0),
  ]);
}

/** The size of what Lambda writes around a property's condition. */
const CONDITIONS: Readonly<Record<string, number>> = {
  EventSourceToken: '"StringEquals":{"lambda:EventSourceToken":}'.length,
  FunctionUrlAuthType: '"StringEquals":{"lambda:FunctionUrlAuthType":}'.length,
  PrincipalOrgID: '"StringEquals":{"aws:PrincipalOrgID":}'.length,
  SourceAccount: '"StringEquals":{"AWS:SourceAccount":}'.length,
  SourceArn: '"ArnLike":{"AWS:SourceArn":}'.length,
};

/** Resources by what a property of theirs names: by reference, ARN or name. */
function groupBy(
  model: Model,
  type: string,
  property: string,
  named: readonly string[],
): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of model.ofType(type)) {
    const key = keyOf(model, resource, at(resource, property), named);
    groups.set(key, [...(groups.get(key) ?? []), resource]);
  }
  return groups;
}

/** Values that name the same thing have the same key. A function's versions and aliases have policies of their own. */
function keyOf(model: Model, { template }: Resource, value: Value | undefined, types: readonly string[]): string {
  if (value === undefined) return 'default';
  const { names } = ModelAccess.of(model);
  const one = value instanceof Choice ? (value.then ?? value.otherwise) : value;
  const [named] = names.index.named(one, template, ...types);
  if (named) return `#${named.id}`;
  const text = names.names.text(one, template) ?? JSON.stringify(one);
  const found = names.find(text);
  return found ? `#${found.resource.id}${found.rest}` : text;
}
