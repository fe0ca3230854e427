import { isIntrinsic } from '../is-intrinsic';
import { isRecord, recordOf, type JsonObject } from '../../record';
import { compact, made, type RawResources, ref, type SamResource } from './raw';

/** Logical id of a model of an API. */
const modelId = (api: string, name: string): string => `${api}${name}Model`;

/** Models and error responses of a REST API, which SAM writes into its definition. */
export function definedParts(api: SamResource): RawResources {
  const { Models, GatewayResponses } = api.properties;
  const models = entriesOf(Models).map(([name, schema]) => [
    modelId(api.id, name),
    made(api, 'AWS::ApiGateway::Model', {
      RestApiId: ref(api.id),
      Name: name,
      ContentType: 'application/json',
      Schema: schema,
    }),
  ]);
  const responses = entriesOf(GatewayResponses).map(([type, response]) => {
    const { StatusCode, ResponseTemplates, ResponseParameters } = recordOf(response);
    return [
      `${api.id}${type.replace(/\W|_/g, '')}Response`,
      made(api, 'AWS::ApiGateway::GatewayResponse', {
        RestApiId: ref(api.id),
        ResponseType: type,
        StatusCode,
        ResponseTemplates,
        ResponseParameters: responseParameters(recordOf(ResponseParameters)),
      }),
    ];
  });
  return Object.fromEntries([...models, ...responses]) as RawResources;
}

/**
 * The preflight methods of a REST API with `Cors`: a mock for each path that has none of its own.
 * @param methods those of the API, as expanded
 * @param authorization what preflight requests need: SAM's default is what the API's routes need
 */
export function preflightMethods(
  api: SamResource,
  methods: readonly JsonObject[],
  authorization: JsonObject,
): RawResources {
  const given = corsSettings(api.properties.Cors);
  if (given === undefined) return {};
  const paths = [...new Set(methods.map(({ ResourceId: path }) => String(path)))];
  const byPath = paths.map((path) => [path, methods.filter(({ ResourceId: own }) => own === path)] as const);
  const missing = byPath.filter(([, own]) => !own.some(({ HttpMethod: method }) => method === 'OPTIONS'));
  return Object.fromEntries(
    missing.map(([path, own]) => {
      const headers = corsHeaders(
        given,
        own.map(({ HttpMethod: method }) => String(method)),
      );
      return [
        `${api.id}${path.replace(/\W/g, '')}OPTIONSMethod`,
        made(api, 'AWS::ApiGateway::Method', {
          RestApiId: ref(api.id),
          ResourceId: path,
          HttpMethod: 'OPTIONS',
          ...authorization,
          Integration: {
            Type: 'MOCK',
            RequestTemplates: { 'application/json': '{ "statusCode": 200 }' },
            IntegrationResponses: [{ StatusCode: '200', ResponseParameters: headers }],
          },
          MethodResponses: [
            {
              StatusCode: '200',
              ResponseParameters: Object.fromEntries(Object.keys(headers).map((one) => [one, true])),
            },
          ],
        }),
      ];
    }),
  );
}

/** Properties of a method for what its requests must have: parameters, a model, and the validator at an id. */
export function requestProperties({ RequestModel, RequestParameters }: JsonObject, validator: string): JsonObject {
  const { Model: model } = recordOf(RequestModel);
  return compact({
    RequestParameters: Array.isArray(RequestParameters) ? parametersOf(RequestParameters) : undefined,
    RequestModels: model === undefined ? undefined : { 'application/json': model },
    RequestValidatorId: validates(RequestModel) ? ref(validator) : undefined,
  });
}

/** The validator of a method; undefined if it asks for none: then nothing is validated. */
export function validatorOf(api: unknown, { RequestModel }: JsonObject): JsonObject | undefined {
  const { ValidateBody: body, ValidateParameters: parameters } = recordOf(RequestModel);
  if (!validates(RequestModel)) return undefined;
  return { RestApiId: api, ValidateRequestBody: body ?? false, ValidateRequestParameters: parameters ?? false };
}

function validates(model: unknown): boolean {
  const { ValidateBody: body, ValidateParameters: parameters } = recordOf(model);
  return body !== undefined || parameters !== undefined;
}

function parametersOf(list: readonly unknown[]): JsonObject {
  const pairs = list.flatMap((one): [string, unknown][] => {
    if (typeof one === 'string') return [[one, false]];
    return entriesOf(one).map(([name, settings]) => [name, recordOf(settings).Required ?? false]);
  });
  return Object.fromEntries(pairs);
}

function entriesOf(value: unknown): [string, unknown][] {
  return isRecord(value) && !isIntrinsic(value) ? Object.entries(value) : [];
}

const PLACES = { Headers: 'header', Paths: 'path', QueryStrings: 'querystring' };

function responseParameters(given: JsonObject): JsonObject | undefined {
  const all = Object.entries(PLACES).flatMap(([group, place]) =>
    entriesOf(given[group]).map(([name, value]) => [`gatewayresponse.${place}.${name}`, value]),
  );
  return all.length === 0 ? undefined : (Object.fromEntries(all) as JsonObject);
}

const EVERY = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** The settings of a REST API's `Cors`, which may be the origin alone; undefined if it has none. */
export function corsSettings(cors: unknown): JsonObject | undefined {
  if (cors === undefined || cors === null || cors === '') return undefined;
  return isRecord(cors) && !isIntrinsic(cors) ? cors : { AllowOrigin: cors };
}

/**
 * The headers with which a mock answers a preflight request.
 * @param names the methods of its path, in capitals; `ANY` for all
 */
export function corsHeaders(settings: JsonObject, names: readonly string[]): JsonObject {
  const { AllowOrigin = "'*'", AllowHeaders, AllowMethods, AllowCredentials, MaxAge } = settings;
  const methods = names.includes('ANY') ? EVERY : [...new Set(['OPTIONS', ...names])].sort();
  const values = compact({
    Origin: AllowOrigin,
    Headers: AllowHeaders,
    Methods: AllowMethods ?? `'${methods.join(',')}'`,
    Credentials: AllowCredentials === true ? "'true'" : undefined,
  });
  const all = Object.entries(values).map(([name, value]) => [`Access-Control-Allow-${name}`, value]);
  if (MaxAge !== undefined) all.push(['Access-Control-Max-Age', MaxAge]);
  return Object.fromEntries(
    all.map(([name, value]) => [`method.response.header.${String(name)}`, value]),
  ) as JsonObject;
}
