import { header } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import { type ApiRequest, grouped, named, writtenHeaders } from './api-request';
import { GATEWAY_ERRORS, type GatewayError } from './gateway-responses';
import { matchesSchema, type References } from './json-schema';

/** The rules that a request is validated against. */
export interface Validation {
  /** The validators of the API. */
  readonly validators: readonly Deployed[];
  readonly models: readonly Deployed[];
}

/** Why the validator of a method refuses a request; undefined if it does not. */
export function invalidRequest(
  method: JsonObject,
  request: ApiRequest,
  parameters: Readonly<Record<string, string>>,
  { validators, models }: Validation,
): GatewayError | undefined {
  const validator = validators.find(({ ref }) => ref === method.RequestValidatorId)?.properties;
  if (validator?.ValidateRequestParameters === true) {
    const missing = missingParameters(recordOf(method.RequestParameters), request, parameters);
    if (missing.length > 0) {
      const message = `Missing required request parameters: [${missing.join(', ')}]`;
      return { ...GATEWAY_ERRORS.badParameters, message };
    }
  }
  if (validator?.ValidateRequestBody !== true) return undefined;
  const type = (header(request.http, 'content-type') ?? 'application/json').split(';')[0]!.trim();
  const wanted = recordOf(method.RequestModels);
  const name = text(named(wanted, type) ?? named(wanted, '$default'));
  const schema = schemaOf(models, name);
  if (schema === undefined) return undefined;
  const body = parseJson(request.http.body.toString() || '{}');
  return body !== undefined && matchesSchema(body, schema, references(models, schema))
    ? undefined
    : GATEWAY_ERRORS.badBody;
}

/** The schema of a model, by its id or name. */
function schemaOf(models: readonly Deployed[], name: string | undefined): unknown {
  if (name === undefined) return undefined;
  const model = models.find((one) => one.ref === name || text(one.properties.Name) === name);
  const schema = model?.properties.Schema;
  return typeof schema === 'string' ? parseJson(schema) : schema;
}

/** `#/definitions/Item` in the schema itself, or `https://apigateway.amazonaws.com/restapis/abc/models/Item`. */
function references(models: readonly Deployed[], schema: unknown): References {
  return (reference) => {
    const local = /^#\/(.+)$/.exec(reference)?.[1];
    if (local === undefined) return schemaOf(models, reference.split('/models/')[1]);
    return local.split('/').reduce<unknown>((on, part) => (isRecord(on) ? named(on, part) : undefined), schema);
  };
}

function missingParameters(
  declared: JsonObject,
  request: ApiRequest,
  parameters: Readonly<Record<string, string>>,
): readonly string[] {
  const query = new URLSearchParams(request.http.query);
  // Header names are case-sensitive.
  const headers = grouped(writtenHeaders(request));
  return Object.entries(declared)
    .filter(([, required]) => required === true || (required as JsonObject | null)?.Required === true)
    .map(([name]) => /^method\.request\.(header|querystring|path)\.(.+)$/.exec(name) ?? [])
    .filter(([, place, name = '']) => {
      const value =
        place === 'header'
          ? named(headers, name)?.[0]
          : place === 'querystring'
            ? query.get(name)
            : named(parameters, name);
      return value === undefined || value === null || value === '';
    })
    .map(([, , name = '']) => name);
}
