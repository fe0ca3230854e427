import { Construct } from 'constructs';
import { resolved } from '../../../core/openapi/document';
import type { Operation } from '../../../core/openapi/operations';
import type { Check } from '../../../core/check/check';
import { isRecord, type JsonObject, recordOf } from '../../../core/record';
import type { ApiAuthorizer } from '../authorizer';

/** The authorizer for each security scheme of a document, by the scheme's name. */
export type SchemeAuthorizers = Readonly<Record<string, ApiAuthorizer>>;

/** Who may call an operation, or why that cannot be determined. */
interface Judged {
  /** @default - the API's */
  readonly authorizer?: ApiAuthorizer;
  readonly rows: readonly Check[];
}

const OAUTH = ['oauth2', 'openIdConnect'];

/** Checks of the document's schemes and their authorizers. */
export function schemeChecks(content: JsonObject, given: SchemeAuthorizers): Check[] {
  const schemes = schemesOf(content);
  return Object.entries(given).flatMap(([name, authorizer]): Check[] => {
    const scheme = resolved(content, schemes[name]);
    const prop = `security.${name}`;
    if (!scheme) {
      const known = Object.keys(schemes);
      const remedy = known.length === 0 ? 'remove it; the document has none' : `use one of '${known.join("', '")}'`;
      return [refused(prop, undefined, 'must be a security scheme of the document', remedy)];
    }
    const wrong = unsuitable(scheme, authorizer);
    return wrong ? [refused(prop, typeOf(scheme), wrong.rule, wrong.remedy)] : [];
  });
}

/** A function and IAM read one header; a request without it gets a 401 before either is asked. */
function unsuitable(scheme: JsonObject, authorizer: ApiAuthorizer): { rule: string; remedy: string } | undefined {
  const { type, in: place, name, scheme: kind } = scheme;
  const header = String(type) === 'apiKey' && place === 'header' && /^authorization$/i.test(String(name));
  const credentials = OAUTH.includes(String(type)) || type === 'http' || header;
  if (!credentials) {
    return {
      rule: "must be sent in the header 'Authorization', the only one that an authorizer of the API reads",
      remedy: 'change the document, or remove the scheme from it and check it in the handlers',
    };
  }
  if (authorizer === 'none')
    return {
      rule: "must not be 'none', which checks nothing",
      remedy: "remove the operation's 'security' from the document, or name an authorizer",
    };
  const isBearer = OAUTH.includes(String(type)) || (type === 'http' && /^bearer$/i.test(String(kind)));
  if (authorizer === 'iam' && !header)
    return {
      rule: "must be an API key in the header 'Authorization' for 'iam', as AWS writes signatures",
      remedy: 'say who issues the tokens, or pass a function',
    };
  if (isTokens(authorizer) && !isBearer)
    return {
      rule: 'must be of type oauth2, openIdConnect or http with bearer for an issuer of tokens',
      remedy: 'pass a function that decides',
    };
  return undefined;
}

/** Who may call an operation, from the authorizers of its schemes. */
export function authorizerOf(content: JsonObject, operation: Operation, given: SchemeAuthorizers): Judged {
  const { key, security } = operation;
  if (security === undefined) return { rows: [] };
  if (security.length === 0) return { authorizer: 'none', rows: [] };
  const prop = `${key}.security`;
  const names = [...new Set(security.flatMap((one) => Object.keys(one)))];
  if (security.some((one) => Object.keys(one).length === 0)) {
    if (names.length === 0) return { authorizer: 'none', rows: [] };
    const remedy = "make it public with 'security: []' and check credentials in the handler, or require them";
    return {
      rows: [refused(prop, names, 'must not be optional, since API Gateway authorizes every call or none', remedy)],
    };
  }
  const missing = names.filter((name) => given[name] === undefined);
  if (missing.length > 0) return { rows: missing.map((name) => unmapped(content, name)) };
  const authorizers = [...new Set(names.map((name) => given[name]!))];
  const [authorizer] = authorizers as [ApiAuthorizer];
  if (authorizers.length > 1 || (names.length > 1 && !Construct.isConstruct(authorizer))) {
    const remedy = 'pass the same function for all of them, which checks each';
    return { rows: [refused(prop, names, 'must name one scheme, since a route has one authorizer', remedy)] };
  }
  const scopes = [...new Set(security.flatMap((one) => Object.values(one).flat()))].map(String);
  if (scopes.length === 0 || Construct.isConstruct(authorizer)) return { authorizer, rows: [] };
  if (typeof authorizer === 'string' || scopes.length > 1 || authorizer.scopes !== undefined) {
    const rule = "must require one scope, and 'security' none, since API Gateway accepts any one of several";
    const remedy = 'pass a function that checks the scopes of each route';
    return { rows: [refused(prop, scopes, rule, remedy)] };
  }
  return { authorizer: { ...authorizer, scopes }, rows: [] };
}

function unmapped(content: JsonObject, name: string): Check {
  const scheme = resolved(content, schemesOf(content)[name]);
  const rule = scheme ? 'must have an authorizer' : 'must be a security scheme of the document';
  const remedy = scheme
    ? `add it: security: { ${JSON.stringify(name).replaceAll('"', "'")}: { issuer, audience } }, 'iam' or a function`
    : "add it to 'components.securitySchemes'";
  return refused(`security.${name}`, scheme && typeOf(scheme), rule, remedy);
}

function refused(prop: string, value: unknown, rule: string, remedy: string): Check {
  return { prop, value, sensitive: value === undefined, valid: () => false, rule, remedy };
}

function schemesOf(content: JsonObject): JsonObject {
  return recordOf(recordOf(content.components).securitySchemes);
}

function typeOf({ type, scheme, in: place }: JsonObject): string {
  return [type, scheme, place].filter((one) => one !== undefined).join(' ');
}

function isTokens(authorizer: ApiAuthorizer): boolean {
  return isRecord(authorizer) && !Construct.isConstruct(authorizer);
}
