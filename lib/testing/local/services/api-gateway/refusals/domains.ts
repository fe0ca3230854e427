import { type JsonObject, text } from '../../../kernel/json';
import { type Part, type Parts, unless } from './parts';

const BASE_PATH = 'AWS::ApiGateway::BasePathMapping';
const API_MAPPING = 'AWS::ApiGatewayV2::ApiMapping';

/** Why API Gateway refuses a mapping of a custom domain, which both kinds of API share. */
export function mappingFaults(part: Part, parts: Parts): readonly string[] {
  const { deployed, given } = part;
  const old = deployed.type === BASE_PATH;
  const key = keyOf(given);
  const domain = text(given.DomainName);
  const all = [...parts.ofType(BASE_PATH), ...parts.ofType(API_MAPPING)];
  const first = all.find((other) => isSame(other, part, parts));
  const twice = old
    ? 'Base path already exists for this domain name'
    : 'ApiMapping key already exists for this domain name';
  return [
    ...(old ? basePathFaults(key) : keyFaults(key)),
    ...(domain !== undefined && key !== undefined && first !== part ? [twice] : []),
  ];
}

function basePathFaults(path: string | undefined): readonly string[] {
  return path?.includes('/') === true
    ? [
        "API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2.",
      ]
    : [];
}

function keyFaults(key: string | undefined): readonly string[] {
  if (key === undefined || key === '') return [];
  if (key.startsWith('/') || key.includes('//')) {
    return ["API mapping key should not start with a '/' or have consecutive '/'s."];
  }
  return [
    ...(key.endsWith('/') ? ["API mapping key should not end with a '/'."] : []),
    ...unless(/^[\w$.+!*'()/-]+$/, key, "An ApiMapping key may contain only letters, numbers and one of $-_.+!*'()"),
  ];
}

/** Whether two mappings have one domain and one path. Each region has domains of its own. */
function isSame(one: Part, other: Part, parts: Parts): boolean {
  const placeOf = ({ given, deployed: { account, region } }: Part) =>
    JSON.stringify([account, region, domainOf(given, parts), keyOf(given)]);
  return placeOf(one) === placeOf(other);
}

/** A domain is named, or referred to. */
function domainOf({ DomainName }: JsonObject, parts: Parts): string | undefined {
  const types = ['AWS::ApiGateway::DomainName', 'AWS::ApiGatewayV2::DomainName'];
  const made = types.map((type) => parts.named(DomainName, type)).find((one) => one !== undefined);
  return text(made?.given.DomainName) ?? text(DomainName);
}

/** The path below the domain; undefined if it is not known. */
function keyOf({ BasePath, ApiMappingKey }: JsonObject): string | undefined {
  const key = BasePath ?? ApiMappingKey;
  if (BasePath === null || ApiMappingKey === null) return undefined;
  return key === '(none)' ? '' : (text(key) ?? '');
}
