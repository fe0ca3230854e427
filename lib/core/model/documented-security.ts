import type { Requirement } from './api-route';
import type { Resource } from './model';
import { type Assumptions, at, eachBranch, isList, isMap, isUnknown, items, together, toText } from './select';
import { Choice, Unknown, type Value, type ValueMap } from './values';

interface Authorized {
  readonly authorization: Value | undefined;
  readonly when: Assumptions;
}

/** One value of those in branches; undefined in branches with none. */
export function chosen(branches: readonly Authorized[]): Value | undefined {
  return branches.reduceRight<Value | undefined>(
    (otherwise, { authorization, when }) =>
      Object.entries(when).reduceRight<Value | undefined>(
        (value, [condition, holds]) =>
          holds ? new Choice(condition, value, otherwise) : new Choice(condition, otherwise, value),
        authorization,
      ),
    undefined,
  );
}

/** What an operation requires in one branch of the template's conditions. */
interface Security extends Authorized {
  readonly required: readonly Value[];
}

/** Of what the document requires of all operations, one that requires something itself takes nothing. */
export function securityOf(api: Resource, operation: ValueMap, inherited: Value | undefined): readonly Security[] {
  return together({
    auth: at(operation, ['x-amazon-apigateway-auth', 'type']),
    own: at(operation, 'security'),
    inherited,
  }).flatMap(({ values, when }) =>
    listsIn(values.own ?? values.inherited, when).map((one) => ({
      ...one,
      authorization: values.auth ?? authorizationBy(api, one.required),
    })),
  );
}

/** A list as it is in every branch of its items. */
function listsIn(
  value: Value | undefined,
  when: Assumptions,
): readonly { readonly required: readonly Value[]; readonly when: Assumptions }[] {
  if (!isList(value)) return [{ required: items(value), when }];
  return together(Object.fromEntries(value.entries()))
    .filter((one) => Object.entries(one.when).every(([name, holds]) => (when[name] ?? holds) === holds))
    .map((one) => ({
      required: Object.values(one.values).filter((item) => item !== undefined),
      when: { ...when, ...one.when },
    }));
}

/**
 * Whether a security requirement names an authorizer of the document. API Gateway ignores a name that the document does
 * not define, such as SAM's `NONE`, and a scheme without an authorizer; an API key identifies no one.
 */
function asksWhoCalls(api: Resource, requirement: Value): boolean {
  if (!isMap(requirement)) return false;
  const schemes = schemesOf(api);
  return Object.keys(requirement).some((name) => {
    if (schemes !== undefined && !isMap(schemes)) return true;
    const scheme = at(schemes, [name]);
    return isMap(scheme) ? AUTHORIZERS.some((key) => at(scheme, [key]) !== undefined) : scheme !== undefined;
  });
}

export function requirementsOf(api: Resource, requirement: Value): readonly Requirement[] {
  if (!isMap(requirement)) return [];
  return Object.entries(requirement).flatMap(([name, scopes]) => {
    const scheme = schemeOf(api, name);
    return scheme === undefined
      ? []
      : eachBranch(scopes).map((one) => ({ scheme, scopes: items(one.value), when: one.when }));
  });
}

/** A security scheme of an API's document that has an authorizer. */
export function schemeOf(api: Resource, name: string): Value | undefined {
  const scheme = at(schemesOf(api), [name]);
  return scheme !== undefined && AUTHORIZERS.some((key) => at(scheme, [key]) !== undefined) ? scheme : undefined;
}

/** An authorizer of an OpenAPI document, and where it stands. */
export interface DocumentedAuthorizer {
  readonly property: string;
  readonly authorizer: Value;
}

/** The authorizers of an API's OpenAPI document, in every branch. */
export function documentedAuthorizers(api: Resource): readonly DocumentedAuthorizer[] {
  return ['components.securitySchemes', 'securityDefinitions'].flatMap((place) =>
    eachBranch(at(api, `Body.${place}`)).flatMap(({ value: schemes }) =>
      Object.entries(isMap(schemes) ? schemes : {}).flatMap(([name, scheme]) =>
        eachBranch(scheme)
          .flatMap(({ value }) => eachBranch(at(value, [AUTHORIZER])))
          .flatMap(({ value }) =>
            value === undefined ? [] : [{ property: `Body.${place}.${name}.${AUTHORIZER}`, authorizer: value }],
          ),
      ),
    ),
  );
}

function schemesOf(api: Resource): Value | undefined {
  return at(api, 'Body.components.securitySchemes') ?? at(api, 'Body.securityDefinitions');
}

/** Whether a security requirement names an API key of the document. */
export function asksForKey(api: Resource, requirement: Value): boolean {
  if (!isMap(requirement)) return false;
  return Object.keys(requirement).some((name) => {
    const scheme = at(schemesOf(api), [name]);
    const isKey =
      isMap(scheme) && at(scheme, 'type') === 'apiKey' && toText(at(scheme, 'name'))?.toLowerCase() === 'x-api-key';
    return isKey && AUTHORIZERS.every((key) => at(scheme, [key]) === undefined);
  });
}

/** What makes API Gateway enforce a security scheme: an authorizer, or IAM signatures. */
const AUTHORIZER = 'x-amazon-apigateway-authorizer';
const AUTHORIZERS = [AUTHORIZER, 'x-amazon-apigateway-authtype'];

/**
 * By its security requirements. In OpenAPI a caller may choose one; how API Gateway treats an empty one is
 * undocumented.
 */
function authorizationBy(api: Resource, required: readonly Value[]): Value {
  const open = required.find(isUnknown);
  if (open) return open;
  if (!required.some((item) => asksWhoCalls(api, item))) return 'NONE';
  const optional = required.some((item) => isMap(item) && Object.keys(item).length === 0);
  return optional ? new Unknown('one of its security requirements is empty') : 'CUSTOM';
}
