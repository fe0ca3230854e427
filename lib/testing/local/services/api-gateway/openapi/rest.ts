import { isRecord, type JsonObject, recordOf, text, texts } from '../../../kernel/json';
import { capitalized, type Expansion, OpenApiDocument, type Operation, type Part } from './document';
import { modelName, schemaOf } from './schemas';

const TYPE = (kind: string) => `AWS::ApiGateway::${kind}`;

/**
 * The parts of a REST API defined by an OpenAPI document.
 * @param apiId the id of the API
 * @param rootId the id of its root resource
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export function expandRest(content: JsonObject, apiId: string, rootId: string): Expansion {
  const document = new OpenApiDocument(content);
  const extension = (name: string) => document.extension(name);
  const builder = new RestBuilder(document, apiId, rootId);
  document.operations.forEach((operation) => builder.add(operation));
  return {
    properties: defined({
      BinaryMediaTypes: extension('binary-media-types'),
      Policy: extension('policy'),
      ApiKeySourceType: extension('api-key-source'),
      MinimumCompressionSize: extension('minimum-compression-size'),
    }),
    parts: builder.parts,
  };
}

class RestBuilder {
  readonly parts: Part[] = [];

  constructor(
    private readonly document: OpenApiDocument,
    private readonly apiId: string,
    private readonly rootId: string,
  ) {
    for (const [name, schema] of Object.entries(document.schemas)) this.model(modelName(name), schema);
    for (const [name, one] of Object.entries(recordOf(document.extension('request-validators')))) {
      const { validateRequestBody, validateRequestParameters } = recordOf(one);
      this.part('RequestValidator', `validator ${name}`, {
        Name: name,
        ValidateRequestBody: validateRequestBody,
        ValidateRequestParameters: validateRequestParameters,
      });
    }
    for (const [type, one] of Object.entries(recordOf(document.extension('gateway-responses')))) {
      const settings = capitalized(recordOf(one), 'statusCode', 'responseParameters', 'responseTemplates');
      this.part('GatewayResponse', `response ${type}`, { ResponseType: type, ...settings });
    }
    for (const [name, scheme] of Object.entries(document.schemes)) {
      const authorizer = document.extension('authorizer', recordOf(scheme));
      if (isRecord(authorizer))
        this.part('Authorizer', `authorizer ${name}`, authorizerOf(recordOf(scheme), authorizer));
    }
  }

  add(operation: Operation): void {
    const { content, method, path } = operation;
    const validator = text(
      this.document.extension('request-validator', content) ?? this.document.extension('request-validator'),
    );
    this.part('Method', `${method} ${path}`, {
      ResourceId: this.resource(path),
      HttpMethod: method,
      OperationName: content.operationId,
      ...this.authorization(operation),
      RequestParameters: parametersOf(operation),
      RequestModels: this.requestModels(operation),
      ...(validator !== undefined && { RequestValidatorId: this.ref(`validator ${validator}`) }),
      Integration: integrationOf(this.document.extension('integration', content)),
    });
  }

  /** The resources along a path, each created once. */
  private resource(path: string): string {
    const segments = path.split('/').filter((segment) => segment !== '');
    let parent = this.rootId;
    for (const [index, segment] of segments.entries()) {
      const id = `/${segments.slice(0, index + 1).join('/')}`;
      if (!this.parts.some((one) => one.id === id)) this.part('Resource', id, { ParentId: parent, PathPart: segment });
      parent = this.ref(id);
    }
    return parent;
  }

  private authorization(operation: Operation): JsonObject {
    const { schemes } = this.document;
    const own = recordOf(this.document.extension('auth', operation.content));
    if (own.type === 'AWS_IAM') return { AuthorizationType: 'AWS_IAM' };
    const asked = this.document
      .security(operation)
      .map(([name, scopes]) => [name, recordOf(schemes[name]), scopes] as const);
    const key = asked.some(([, scheme]) => isApiKey(scheme)) ? { ApiKeyRequired: true } : {};
    const [name, scheme, scopes] = asked.find(([, one]) => !isApiKey(one)) ?? [];
    if (name === undefined || scheme === undefined) return { AuthorizationType: 'NONE', ...key };
    if (/^awssigv4$/i.test(text(scheme['x-amazon-apigateway-authtype']) ?? ''))
      return { AuthorizationType: 'AWS_IAM', ...key };
    const { type } = recordOf(this.document.extension('authorizer', scheme));
    const isPool = /^cognito_user_pools$/i.test(text(type) ?? '');
    return {
      AuthorizationType: isPool ? 'COGNITO_USER_POOLS' : 'CUSTOM',
      AuthorizerId: this.ref(`authorizer ${name}`),
      ...(texts(scopes).length > 0 && { AuthorizationScopes: texts(scopes) }),
      ...key,
    };
  }

  private requestModels({ content, parameters, method, path }: Operation): JsonObject | undefined {
    const body = parameters.find((one) => one.in === 'body');
    const types = texts(content.consumes ?? this.document.content.consumes ?? ['application/json']);
    const bySwagger = body ? types.map((type) => [type, body.schema] as const) : [];
    const media = recordOf(recordOf(this.document.resolve(content.requestBody)).content);
    const byOpenApi = Object.entries(media).map(([type, one]) => [type, recordOf(one).schema] as const);
    const found = [...bySwagger, ...byOpenApi].filter(([, schema]) => isRecord(schema));
    if (found.length === 0) return undefined;
    return Object.fromEntries(
      found.map(([type, schema]) => {
        const known = modelName(text(recordOf(schema).$ref)?.split('/').at(-1) ?? '');
        const name = known === '' ? modelName(`${method}${path}${type}`) : known;
        if (known === '') this.model(name, schema);
        return [type, name];
      }),
    );
  }

  private model(name: string, schema: unknown): void {
    if (this.parts.some(({ id }) => id === `model ${name}`)) return;
    this.part('Model', `model ${name}`, { Name: name, Schema: schemaOf(schema) });
  }

  private part(kind: string, id: string, properties: JsonObject): void {
    this.parts.push({ type: TYPE(kind), id, properties: { RestApiId: this.apiId, ...defined(properties) } });
  }

  /** The placeholder for a part's `Ref`, filled in when the part is created. */
  private ref(id: string): string {
    return `\${${id}}`;
  }
}

/** An API key that clients send in a header, without an authorizer. */
function isApiKey(scheme: JsonObject): boolean {
  const judged = scheme['x-amazon-apigateway-authorizer'] ?? scheme['x-amazon-apigateway-authtype'];
  return scheme.type === 'apiKey' && judged === undefined && /^x-api-key$/i.test(text(scheme.name) ?? '');
}

function authorizerOf(scheme: JsonObject, settings: JsonObject): JsonObject {
  const type = (text(settings.type) ?? '').toUpperCase();
  return {
    ...capitalized(
      settings,
      'authorizerUri',
      'authorizerCredentials',
      'identityValidationExpression',
      'authorizerResultTtlInSeconds',
    ),
    Type: type,
    // The scheme says where the token is.
    IdentitySource: settings.identitySource ?? `method.request.header.${text(scheme.name) ?? 'Authorization'}`,
    ...(settings.providerARNs !== undefined && { ProviderARNs: settings.providerARNs }),
  };
}

function parametersOf({ parameters }: Operation): JsonObject | undefined {
  const places: Readonly<Record<string, string>> = { query: 'querystring', header: 'header', path: 'path' };
  const named = parameters
    .filter((one) => places[text(one.in) ?? ''] !== undefined)
    .map((one) => [`method.request.${places[text(one.in) ?? '']}.${text(one.name)}`, one.required === true] as const);
  return named.length === 0 ? undefined : Object.fromEntries(named);
}

function integrationOf(value: unknown): JsonObject | undefined {
  if (!isRecord(value)) return undefined;
  const { type, httpMethod, passthroughBehavior, contentHandling, responses, responseTransferMode } = value;
  return defined({
    Type: upper(type),
    IntegrationHttpMethod: httpMethod,
    ...capitalized(
      value,
      'uri',
      'credentials',
      'requestParameters',
      'requestTemplates',
      'timeoutInMillis',
      'connectionType',
      'connectionId',
      'cacheNamespace',
      'cacheKeyParameters',
    ),
    PassthroughBehavior: upper(passthroughBehavior),
    ContentHandling: upper(contentHandling),
    ResponseTransferMode: upper(responseTransferMode),
    IntegrationResponses: Object.entries(recordOf(responses)).map(([pattern, response]) =>
      defined({
        ...(pattern !== 'default' && { SelectionPattern: pattern }),
        ...capitalized(recordOf(response), 'statusCode', 'responseParameters', 'responseTemplates'),
        ContentHandling: upper(recordOf(response).contentHandling),
      }),
    ),
  });
}

function upper(value: unknown): string | undefined {
  return text(value)?.toUpperCase();
}

function defined(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
