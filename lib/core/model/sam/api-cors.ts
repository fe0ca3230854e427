import { isIntrinsic } from '../is-intrinsic';
import { isRecord, recordOf, type JsonObject } from '../../record';
import { corsHeaders, corsSettings } from './api-parts';
import { change, notExpanded, type SamResource } from './raw';
import { ANY, inBranches } from './routes';

const SETTINGS = ['AllowOrigins', 'AllowHeaders', 'AllowMethods', 'ExposeHeaders', 'MaxAge', 'AllowCredentials'];

/**
 * What SAM writes into an API's own definition for its `Cors` or `CorsConfiguration`: it refuses both beside a
 * definition that is elsewhere.
 */
export function addCors(resources: Map<string, JsonObject>, written: readonly SamResource[]): void {
  for (const { id, raw, properties } of written) {
    const rest = raw.Type === 'AWS::Serverless::Api';
    if (!rest && raw.Type !== 'AWS::Serverless::HttpApi') continue;
    const property = rest ? 'Cors' : 'CorsConfiguration';
    const cors = properties[property];
    const { DefinitionBody: body, DefinitionUri: uri } = properties;
    if (cors === undefined || cors === null || cors === false || cors === '') continue;
    const refuse = (reason: string) => {
      resources.set(id, notExpanded(recordOf(resources.get(id)), `SAM refuses its ${property}, ${reason}`, property));
    };
    if (rest && isOpenToAll(corsSettings(cors))) refuse("since 'AllowCredentials' needs an 'AllowOrigin' without '*'");
    if (body === undefined && uri === undefined) continue;
    if (isDefinition(body)) {
      change(resources, id, ({ Body }) => ({
        Body: rest ? withPreflight(recordOf(Body), cors) : withCors(recordOf(Body), cors),
      }));
      continue;
    }
    if (body === undefined) refuse("which works only with a definition in 'DefinitionBody'");
    else refuse("since 'DefinitionBody' is not a definition with paths");
  }
}

function isOpenToAll({ AllowCredentials, AllowOrigin = "'*'" }: JsonObject = {}): boolean {
  return AllowCredentials === true && AllowOrigin === "'*'";
}

function isDefinition(body: unknown): boolean {
  return isRecord(body) && isRecord(body.paths) && !isIntrinsic(body.paths) && ('swagger' in body || 'openapi' in body);
}

/** A definition whose paths answer preflight requests, unless they say how; `/a` and `/a/` are one. */
function withPreflight(body: JsonObject, cors: unknown): JsonObject {
  const settings = corsSettings(cors);
  if (settings === undefined) return body;
  const seen = new Set<string>();
  const paths = Object.entries(recordOf(body.paths)).map(([path, item]) => {
    const place = path === '/' ? path : path.replace(/\/+$/, '');
    if (seen.has(place)) return [path, item];
    seen.add(place);
    const added = inBranches(item, (own) => ('options' in own ? own : { ...own, options: preflight(settings, own) }));
    return [path, added];
  });
  return { ...body, paths: Object.fromEntries(paths) as JsonObject };
}

function preflight(settings: JsonObject, item: JsonObject): JsonObject {
  const names = ANY in item ? ['ANY'] : Object.keys(item).map((name) => name.toUpperCase());
  const parameters = corsHeaders(settings, names);
  const headers = Object.keys(parameters).map((name) => [name.split('.').at(-1), { type: 'string' }]);
  return {
    summary: 'CORS support',
    'x-amazon-apigateway-integration': {
      type: 'mock',
      requestTemplates: { 'application/json': '{\n  "statusCode" : 200\n}\n' },
      responses: {
        default: {
          statusCode: '200',
          responseParameters: parameters,
          responseTemplates: { 'application/json': '{}\n' },
        },
      },
    },
    responses: {
      200: { description: 'Default response for CORS method', headers: Object.fromEntries(headers) as JsonObject },
    },
  };
}

/** A definition of an HTTP API, whose own settings give way to those of the API. */
function withCors(body: JsonObject, cors: unknown): JsonObject {
  const name = 'x-amazon-apigateway-cors';
  const known = body[name];
  if (!isRecord(known) || !isRecord(cors) || isIntrinsic(cors)) return body;
  const given = SETTINGS.filter((setting) => cors[setting] !== undefined).map((setting) => [
    setting[0]!.toLowerCase() + setting.slice(1),
    cors[setting],
  ]);
  return { ...body, [name]: { ...known, ...Object.fromEntries(given) } };
}
