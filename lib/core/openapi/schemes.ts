import type { Route } from '../model/api-route';
import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import { at, items, toText } from '../model/select';
import type { JsonObject } from '../record';

/** A security scheme that a route asks for. */
interface Asked {
  readonly name: string;
  readonly scheme: JsonObject;
  readonly scopes: readonly string[];
}

/** Who may call a route: all of these schemes; everybody where there are none. */
export interface Caller {
  readonly schemes: readonly Asked[];
}

const KEY = { type: 'apiKey', in: 'header', name: 'x-api-key' };
/** As API Gateway exports it. */
const SIGNED = { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' };

/** Who may call a route; undefined where that is known only at deployment. */
export function callerOf(model: Model, route: Route): Caller | undefined {
  const { authorization, holder, asksForKey } = route;
  const key: Asked[] = asksForKey ? [{ name: 'key', scheme: KEY, scopes: [] }] : [];
  const kind = toText(authorization);
  if (kind === 'NONE') return { schemes: key };
  if (kind === 'AWS_IAM') return { schemes: [{ name: 'iam', scheme: SIGNED, scopes: [] }, ...key] };
  const authorizer = model.target(at(holder, 'AuthorizerId'));
  if (kind === undefined || !authorizer) return undefined;
  const scopes = items(at(holder, 'AuthorizationScopes')).map(toText);
  if (scopes.some((scope) => scope === undefined)) return undefined;
  const scheme = schemeOf(authorizer);
  if (scheme === undefined) return undefined;
  // One of the scopes is enough for API Gateway; OpenAPI asks for all of a requirement, so several are left to the description.
  return {
    schemes: [
      {
        name: displayName(authorizer),
        scheme: withScopes(scheme, scopes as string[]),
        scopes: scopes.length === 1 ? (scopes as string[]) : [],
      },
      ...key,
    ],
  };
}

function withScopes(scheme: JsonObject, scopes: readonly string[]): JsonObject {
  return scopes.length > 1
    ? { ...scheme, description: `A token needs one of the scopes ${scopes.join(', ')}` }
    : scheme;
}

function schemeOf(authorizer: Resource): JsonObject | undefined {
  const issuer = at(authorizer, 'JwtConfiguration.Issuer');
  if (issuer !== undefined) return tokens(toText(issuer));
  if (toText(at(authorizer, 'Type')) === 'COGNITO_USER_POOLS') return tokens(undefined);
  const sources = identitySources(authorizer);
  if (sources.some((source) => source === undefined)) return undefined;
  const header = sources.flatMap(
    (source) => /^(?:\$request|method\.request)\.header\.([\w-]+)$/i.exec(source!)?.[1] ?? [],
  )[0];
  const query = sources.flatMap(
    (source) => /^(?:\$request|method\.request)\.querystring\.([\w-]+)$/i.exec(source!)?.[1] ?? [],
  )[0];
  const place =
    header === undefined && query !== undefined
      ? { in: 'query', name: query }
      : { in: 'header', name: header ?? 'Authorization' };
  return { type: 'apiKey', ...place, 'x-amazon-apigateway-authtype': 'custom' };
}

/** Tokens of an issuer; of one that is known only at deployment, nobody can name the address here. */
function tokens(issuer: string | undefined): JsonObject {
  return issuer === undefined
    ? { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }
    : { type: 'openIdConnect', openIdConnectUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration` };
}

/** A list for HTTP APIs, one text with commas for REST. */
function identitySources(authorizer: Resource): (string | undefined)[] {
  return items(at(authorizer, 'IdentitySource')).flatMap((source) => {
    const text = toText(source);
    return text === undefined ? [undefined] : text.split(',').map((one) => one.trim());
  });
}
