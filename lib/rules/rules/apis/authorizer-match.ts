import type { Model, Resource } from '../../../core/model/model';
import { displayName } from '../../../core/model/display';
import { at, eachBranch, inWords, isList, isUnknown, together, toText } from '../../../core/model/select';
import { named } from '../../../core/model/references';
import type { Value } from '../../../core/model/values';
import { each, type Rule, undecided } from '../../rule';

/** Where a type names its authorizer, and how the types of authorization and authorizer correspond. */
interface Kind {
  /** The property that names the API, in a route and in an authorizer. */
  readonly api: string;
  /** The property of an authorizer that says what it is. */
  readonly type: string;
  /** The types of authorizer for each type of authorization that needs one. */
  readonly authorizers: Readonly<Record<string, readonly string[]>>;
  /** The type of authorization that checks scopes. */
  readonly scoped: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::ApiGateway::Method': {
    api: 'RestApiId',
    type: 'Type',
    authorizers: { CUSTOM: ['TOKEN', 'REQUEST'], COGNITO_USER_POOLS: ['COGNITO_USER_POOLS'] },
    scoped: 'COGNITO_USER_POOLS',
  },
  'AWS::ApiGatewayV2::Route': {
    api: 'ApiId',
    type: 'AuthorizerType',
    authorizers: { CUSTOM: ['REQUEST'], JWT: ['JWT'] },
    scoped: 'JWT',
  },
};

export const authorizerMatch: Rule = {
  id: 'AuthorizerMatch',
  severity: 'error',
  title: 'A route names an authorizer of its own API and of the kind that it asks for',
  why: 'API Gateway rejects the route otherwise, as it does scopes without a token that has them.',
  fix: 'set AuthorizerId to an authorizer of the API, and AuthorizationType to its kind',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html',
  check: each(Object.keys(KINDS), function* (route, { model }) {
    const kind = KINDS[route.type]!;
    const settings = together({
      type: at(route, 'AuthorizationType'),
      authorizer: at(route, 'AuthorizerId'),
      scopes: at(route, 'AuthorizationScopes'),
    });
    for (const { values, when } of settings) {
      if (isUnknown(values.type)) {
        yield undecided(route, 'AuthorizationType', values.type);
        continue;
      }
      const type = toText(values.type) ?? 'NONE';
      for (const { property, fault, open } of faults(model, route, kind, { ...values, type })) {
        if (open === undefined)
          yield { resource: route, property, message: `${fault}${inWords(when)}`, detail: property };
        else yield { resource: route, property, reason: `${fault}: ${open}` };
      }
    }
  }),
};

interface Settings {
  readonly type: string;
  readonly authorizer: Value | undefined;
  readonly scopes: Value | undefined;
}

interface Fault {
  readonly property: string;
  readonly fault: string;
  /** Why it may be none. */
  readonly open?: string;
}

function* faults(model: Model, route: Resource, kind: Kind, { type, authorizer, scopes }: Settings): Iterable<Fault> {
  const fitting = Object.hasOwn(kind.authorizers, type) ? kind.authorizers[type]! : undefined;
  if (isList(scopes) && scopes.length > 0 && type !== kind.scoped) {
    yield { property: 'AuthorizationScopes', fault: `has scopes, which only ${kind.scoped} checks, not ${type}` };
  }
  if (!fitting) return;
  if (authorizer === undefined) {
    yield { property: 'AuthorizerId', fault: `asks for ${type} authorization and names no authorizer` };
  }
  const property = 'AuthorizerId';
  for (const one of named(model, authorizer)) {
    const [own, other] = [at(route, kind.api), at(one, kind.api)].map((api) => model.target(api));
    if (own && other && own !== other) {
      yield { property, fault: `names ${displayName(one)}, an authorizer of ${displayName(other)}` };
      continue;
    }
    const asks = `asks for ${type} authorization by ${displayName(one)}, whose type is`;
    for (const { value, when } of eachBranch(at(one, kind.type))) {
      const given = toText(value);
      if (isUnknown(value)) yield { property, fault: `${asks} not known`, open: value.reason };
      else if (given !== undefined && !fitting.includes(given)) {
        yield { property, fault: `${asks} ${given}${inWords(when)}` };
      }
    }
  }
}
