import { identityPolicies, type IdentityLimit } from '../facts';
import { type Extent, perhapsWithin, sum } from '../model/extent';
import { indexed } from '../model/indexed';
import type { Model, Resource } from '../model/model';
import { at, isList, isMap, isUnknown, items } from '../model/select';
import { Choice, Text, type Value } from '../model/values';
import { ModelAccess } from './model-access';
import { type PolicyExcess, readDocument } from './policy-limits';

const { inline, managed, attached, trust } = identityPolicies.value;

const CHARACTERS = 'characters';

type Kind = keyof typeof inline;
const KINDS = Object.keys(inline) as Kind[];

/** The policies of an identity of the model, or of one that policies only name. */
interface Held {
  readonly kind: Kind;
  /** The identity; the first policy of one that is not in the model. */
  readonly holder: Resource;
  /** The sizes of inline policies. */
  readonly inline: Extent[];
  /** Managed policies of the model that attach themselves, by id; the least number that each counts for. */
  readonly attaching: Map<string, number>;
}

/** Identity and trust policies over IAM's limits, and those whose size only the deployment will tell. */
export function identityPoliciesInExcess(model: Model): readonly PolicyExcess[] {
  return [
    ...heldIn(model).flatMap(({ kind, holder, inline: sizes }) => {
      const several = sizes.length > 1 ? `${sizes.length} inline policies` : 'an inline policy';
      return excess(holder, '', `${several} of`, CHARACTERS, sum(sizes), inline[kind], ` in a ${kind.toLowerCase()}`);
    }),
    ...documents(model, 'AWS::IAM::ManagedPolicy', 'PolicyDocument', 'a managed policy of', managed),
    ...documents(model, 'AWS::IAM::Role', 'AssumeRolePolicyDocument', 'a trust policy of', trust),
  ];
}

/** Identities with more managed policies than IAM attaches, or perhaps more. */
export function managedPoliciesInExcess(model: Model): readonly PolicyExcess[] {
  return heldIn(model).flatMap(({ kind, holder, attaching }) => {
    const list = at(holder, 'ManagedPolicyArns');
    const listed = items(list);
    const open = !isList(list) && listed.some(isUnknown);
    const limit = attached[kind];
    if (!open && listed.length + attaching.size <= limit.limit) return [];
    const found = new Map(attaching);
    for (const arn of listed) add(found, keyOf(model, holder, arn), isCertain(list, arn));
    const min = [...found.values()].reduce((total, one) => total + one, 0);
    const extent = { min, max: open ? Infinity : found.size };
    return excess(holder, '', '', 'managed policies', extent, limit, ` to a ${kind.toLowerCase()}`);
  });
}

/** A policy listed twice, or listed and attaching itself, counts once. */
function keyOf(model: Model, { template }: Resource, arn: Value): string {
  const access = ModelAccess.of(model);
  const [known] = access.named(arn, template, 'AWS::IAM::ManagedPolicy');
  return known?.id ?? access.names.names.text(arn, template) ?? JSON.stringify(arn);
}

function documents(model: Model, type: string, property: string, what: string, limit: IdentityLimit): PolicyExcess[] {
  return model
    .ofType(type)
    .flatMap((holder) => excess(holder, property, what, CHARACTERS, sizeOf(at(holder, property)), limit));
}

const heldIn = indexed((model: Model): readonly Held[] => {
  const found = new Map<string, Held>();
  const held = (key: string, kind: Kind, holder: Resource): Held => {
    const known = found.get(key) ?? { kind, holder, inline: [], attaching: new Map<string, number>() };
    found.set(key, known);
    return known;
  };
  for (const kind of KINDS) {
    for (const identity of model.ofType(`AWS::IAM::${kind}`)) own(identity, held(identity.id, kind, identity));
    for (const policy of model.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', `AWS::IAM::${kind}Policy`)) {
      for (const [key, certain] of holdersOf(model, policy, kind)) {
        const holder = held(key, kind, policy);
        if (policy.type === 'AWS::IAM::ManagedPolicy') add(holder.attaching, policy.id, certain);
        else holder.inline.push(least(sizeOf(at(policy, 'PolicyDocument')), certain));
      }
    }
  }
  return [...found.values()];
});

function own(identity: Resource, { inline: sizes }: Held): void {
  const policies = at(identity, 'Policies');
  for (const policy of items(policies)) {
    sizes.push(least(sizeOf(at(policy, 'PolicyDocument')), isCertain(policies, policy)));
  }
}

function add(found: Map<string, number>, key: string, certain: boolean): void {
  found.set(key, Math.max(found.get(key) ?? 0, certain ? 1 : 0));
}

/** The identities that a policy attaches itself to, by id or name, and whether it does so whatever the conditions. */
function holdersOf(model: Model, policy: Resource, kind: Kind): (readonly [key: string, certain: boolean])[] {
  const access = ModelAccess.of(model);
  const property = policy.type === `AWS::IAM::${kind}Policy` ? `${kind}Name` : `${kind}s`;
  const list = at(policy, property);
  return items(list).map((value) => {
    const [known] = access.named(value, policy.template, `AWS::IAM::${kind}`);
    const { condition } = policy.attributes;
    const always = condition === undefined || condition === known?.attributes.condition;
    const name = access.names.names.text(value, policy.template) ?? '';
    return [known?.id ?? `${kind} ${name}`, always && isCertain(list, value)] as const;
  });
}

/** Whether an item is in a list whatever the template's conditions. */
function isCertain(list: Value | undefined, item: Value): boolean {
  return list === item ? !(item instanceof Choice) : isList(list) && list.includes(item);
}

function least(extent: Extent, certain: boolean): Extent {
  return certain ? extent : { min: 0, max: extent.max };
}

/** White space does not count. */
function sizeOf(document: Value | undefined): Extent {
  if (document === undefined) return { min: 0, max: 0 };
  const { extent } = readDocument(document);
  const spaces = spacesIn(document);
  const isText = typeof document === 'string' || document instanceof Text;
  return { min: Math.max(0, extent.min - (isText ? 0 : spaces)), max: extent.max - spaces };
}

function spacesIn(value: Value | undefined): number {
  if (typeof value === 'string') return value.length - value.replace(/\s+/g, '').length;
  if (value instanceof Text) return value.parts.reduce<number>((total, part) => total + spacesIn(part), 0);
  if (value instanceof Choice) return Math.max(spacesIn(value.then), spacesIn(value.otherwise));
  const children = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  return children.reduce<number>((total, child) => total + spacesIn(child), 0);
}

function excess(
  resource: Resource,
  property: string,
  what: string,
  unit: string,
  { min, max }: Extent,
  { limit, raisedTo }: IdentityLimit,
  where = '',
): PolicyExcess[] {
  // Names and parameters seldom have their greatest length. A document that cannot be read at all is UnreadPolicy's.
  if (max <= limit || (unit === CHARACTERS && min <= limit / 2)) return [];
  const takes = `the ${limit} that IAM ${unit === CHARACTERS ? 'takes' : 'attaches'}${where}${raisedTo === undefined ? '' : ` unless the quota was raised, to ${raisedTo} at most`}`;
  const certain = min > limit;
  const number = `${certain && min < max ? 'at least ' : ''}${min}`;
  const begin = `has ${what === '' ? '' : `${what} `}`;
  const message = certain
    ? `${begin}${number} ${unit}, more than ${takes}`
    : `${begin}${perhapsWithin({ min, max }, unit, takes)}`;
  return [{ resource, property, certain, message }];
}
