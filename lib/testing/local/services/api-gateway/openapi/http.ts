import { isRecord, type JsonObject, asList, recordOf, text, texts } from '../../../kernel/json';
import { capitalized, type Expansion, OpenApiDocument, type Operation, type Part } from './document';

const TYPE = (kind: string) => `AWS::ApiGatewayV2::${kind}`;
const DEFAULT_ROUTE = '$default';

/**
 * The parts of an HTTP API defined by an OpenAPI document.
 * @param apiId the id of the API
 */
export function expandHttp(content: JsonObject, apiId: string): Expansion {
  const document = new OpenApiDocument(content);
  const cors = document.extension('cors');
  const parts = [
    ...Object.entries(document.schemes).flatMap(([name, scheme]) => authorizerOf(document, name, recordOf(scheme))),
    ...document.operations.flatMap((operation) => routeOf(document, operation)),
  ];
  return {
    properties: isRecord(cors)
      ? {
          CorsConfiguration: capitalized(
            cors,
            'allowOrigins',
            'allowCredentials',
            'allowHeaders',
            'allowMethods',
            'exposeHeaders',
            'maxAge',
          ),
        }
      : {},
    parts: parts.map((part) => ({ ...part, properties: { ApiId: apiId, ...part.properties } })),
  };
}

/**
 * The parts of an HTTP API created with just a target (quick create): a route, its integration, and a stage.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-api.html
 */
export function expandTarget({ Target, RouteKey, CredentialsArn }: JsonObject, apiId: string): Expansion {
  const uri = text(Target) ?? '';
  const isUrl = /^https?:/.test(uri);
  const integration = {
    IntegrationType: isUrl ? 'HTTP_PROXY' : 'AWS_PROXY',
    IntegrationUri: uri,
    ...(isUrl ? { IntegrationMethod: 'ANY' } : { PayloadFormatVersion: '2.0' }),
    CredentialsArn,
  };
  const key = text(RouteKey) ?? DEFAULT_ROUTE;
  const parts: readonly Part[] = [
    { type: TYPE('Integration'), id: 'integration', properties: integration },
    { type: TYPE('Route'), id: key, properties: { RouteKey: key, Target: 'integrations/${integration}' } },
    { type: TYPE('Stage'), id: 'stage', properties: { StageName: DEFAULT_ROUTE, AutoDeploy: true } },
  ];
  const own = parts.map((part) => ({ ...part, properties: { ApiId: apiId, ...part.properties } }));
  return { properties: {}, parts: own };
}

function authorizerOf(document: OpenApiDocument, name: string, scheme: JsonObject): readonly Part[] {
  const settings = document.extension('authorizer', scheme);
  if (!isRecord(settings)) return [];
  const jwt = recordOf(settings.jwtConfiguration);
  const isToken = settings.type === 'jwt';
  const properties = {
    Name: name,
    AuthorizerType: isToken ? 'JWT' : 'REQUEST',
    // A comma-separated string, or a list.
    IdentitySource: asList(settings.identitySource ?? (isToken ? '$request.header.Authorization' : undefined))
      .flatMap((one) => (text(one) ?? '').split(/\s*,\s*/))
      .filter((one) => one !== ''),
    ...(isToken && { JwtConfiguration: capitalized(jwt, 'issuer', 'audience') }),
    ...capitalized(
      settings,
      'authorizerUri',
      'authorizerPayloadFormatVersion',
      'authorizerResultTtlInSeconds',
      'enableSimpleResponses',
    ),
    ...(settings.authorizerCredentials !== undefined && { AuthorizerCredentialsArn: settings.authorizerCredentials }),
  };
  return [{ type: TYPE('Authorizer'), id: `authorizer ${name}`, properties }];
}

function routeOf(document: OpenApiDocument, operation: Operation): readonly Part[] {
  const { content, method, path } = operation;
  const key = path === `/${DEFAULT_ROUTE}` ? DEFAULT_ROUTE : `${method} ${path}`;
  const id = `integration of ${key}`;
  const integration = document.resolve(document.extension('integration', content));
  const [name, scopes] = document.security(operation)[0] ?? [];
  const scheme = recordOf(name === undefined ? undefined : document.schemes[name]);
  const signed = /^awssigv4$/i.test(text(scheme['x-amazon-apigateway-authtype']) ?? '');
  const settings = recordOf(document.extension('authorizer', scheme));
  const authorization =
    name === undefined
      ? { AuthorizationType: 'NONE' }
      : signed
        ? { AuthorizationType: 'AWS_IAM' }
        : {
            AuthorizationType: settings.type === 'jwt' ? 'JWT' : 'CUSTOM',
            AuthorizerId: `\${authorizer ${name}}`,
            AuthorizationScopes: texts(scopes),
          };
  return [
    ...(isRecord(integration) ? [{ type: TYPE('Integration'), id, properties: integrationOf(integration) }] : []),
    {
      type: TYPE('Route'),
      id: key,
      properties: {
        RouteKey: key,
        Target: `integrations/\${${id}}`,
        OperationName: content.operationId,
        ...authorization,
      },
    },
  ];
}

function integrationOf(value: JsonObject): JsonObject {
  const {
    type,
    integrationSubtype,
    subtype = integrationSubtype,
    httpMethod,
    uri,
    credentials,
    responseParameters,
  } = value;
  const given = {
    IntegrationType: text(type)?.toUpperCase(),
    IntegrationSubtype: subtype,
    IntegrationMethod: httpMethod,
    IntegrationUri: uri,
    CredentialsArn: credentials,
    PayloadFormatVersion: text(value.payloadFormatVersion) ?? '1.0',
    ...capitalized(value, 'connectionId', 'connectionType', 'timeoutInMillis', 'requestParameters', 'tlsConfig'),
    ...(isRecord(responseParameters) && { ResponseParameters: responsesOf(responseParameters) }),
  };
  return Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined));
}

/** A document has a map where a template has a list: `{ "200": { "remove:header.x": "''" } }`. */
function responsesOf(responses: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(responses).map(([status, mapping]) => [
      status,
      {
        ResponseParameters: Object.entries(recordOf(mapping)).map(([Destination, Source]) => ({ Destination, Source })),
      },
    ]),
  );
}
