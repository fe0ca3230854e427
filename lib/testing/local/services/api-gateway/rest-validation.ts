import { header } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { type JsonRecord, parseJson, record, text } from '../../kernel/json';
import type { ApiRequest } from './api-request';
import { GATEWAY_ERRORS, type GatewayError } from './gateway-responses';
import { matchesSchema } from './json-schema';

/** What a request is validated against. */
export interface Validation {
  /** The validators of the API. */
  readonly validators: readonly Deployed[];
  /** Its models. */
  readonly models: readonly Deployed[];
}

/** Why the validator of a method refuses a request; undefined when it does not. */
export function invalidRequest(
  method: JsonRecord,
  request: ApiRequest,
  parameters: Readonly<Record<string, string>>,
  { validators, models }: Validation,
): GatewayError | undefined {
  const validator = validators.find(({ ref }) => ref === method.RequestValidatorId)?.properties;
  if (validator?.ValidateRequestParameters === true) {
    const missing = missingParameters(record(method.RequestParameters), request, parameters);
    if (missing.length > 0) {
      const message = `Missing required request parameters: [${missing.join(', ')}]`;
      return { ...GATEWAY_ERRORS.badParameters, message };
    }
  }
  if (validator?.ValidateRequestBody !== true) return undefined;
  const type = (header(request.http, 'content-type') ?? 'application/json').split(';')[0]!.trim();
  const name = text(record(method.RequestModels)[type]);
  const model = models.find((one) => [one.ref, text(one.properties.Name)].includes(name));
  if (!model) return undefined;
  const body = parseJson(request.http.body.toString());
  const schema =
    typeof model.properties.Schema === 'string' ? parseJson(model.properties.Schema) : model.properties.Schema;
  return body !== undefined && matchesSchema(body, schema) ? undefined : GATEWAY_ERRORS.badBody;
}

function missingParameters(
  declared: JsonRecord,
  request: ApiRequest,
  parameters: Readonly<Record<string, string>>,
): readonly string[] {
  const query = new URLSearchParams(request.http.query);
  return Object.entries(declared)
    .filter(([, required]) => required === true || (required as JsonRecord | null)?.Required === true)
    .map(([name]) => /^method\.request\.(header|querystring|path)\.(.+)$/.exec(name) ?? [])
    .filter(([, place, name = '']) => {
      const value = {
        header: header(request.http, name.toLowerCase()),
        querystring: query.get(name),
        path: parameters[name],
      }[place ?? ''];
      return value === undefined || value === null || value === '';
    })
    .map(([, , name = '']) => name);
}
