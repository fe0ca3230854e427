import { connected } from './connectors';
import { managedArn } from './policies';
import { assumedBy, compact, getAtt, made, pick, type RawResources, ref, type SamResource, sub, tagList } from './raw';
import { asList, isRecord, recordOf, type JsonObject } from '../../record';

/** Names of an authorizer's settings in SAM and in AppSync. */
const AUTHORIZERS = [
  ['LambdaAuthorizer', 'LambdaAuthorizerConfig'],
  ['OpenIDConnect', 'OpenIDConnectConfig'],
  ['UserPool', 'UserPoolConfig'],
] as const;

/** A SAM GraphQL API: API, schema, keys, cache, data sources with their roles, functions and resolvers. */
export function graphqlApiResources(api: SamResource): RawResources {
  const { id, properties } = api;
  const part = (type: string, more: JsonObject): JsonObject => made(api, type, { ApiId: getAtt(id, 'ApiId'), ...more });
  const { Cache: cache, DomainName: domain } = properties;
  return {
    [id]: made(api, 'AWS::AppSync::GraphQLApi', apiProperties(api)),
    [`${id}Schema`]: part('AWS::AppSync::GraphQLSchema', {
      Definition: properties.SchemaInline,
      DefinitionS3Location: properties.SchemaUri,
    }),
    ...logsRole(api),
    ...authorizerPermissions(api),
    ...each(properties.ApiKeys, (name, { ExpiresOn: expires, ...key }) => ({
      [`${id}${name}`]: part('AWS::AppSync::ApiKey', { ...key, Expires: expires }),
    })),
    ...(isRecord(cache) && { [`${id}ApiCache`]: part('AWS::AppSync::ApiCache', cache) }),
    ...(isRecord(domain) && {
      [`${id}DomainName`]: made(api, 'AWS::AppSync::DomainName', domain),
      [`${id}DomainNameApiAssociation`]: part('AWS::AppSync::DomainNameApiAssociation', {
        DomainName: getAtt(`${id}DomainName`, 'DomainName'),
      }),
    }),
    ...dataSources(api),
    ...each(properties.Functions, (name, given) => ({
      [`${id}${name}`]: part('AWS::AppSync::FunctionConfiguration', { Name: given.Name ?? name, ...coded(given) }),
    })),
    ...each(properties.Resolvers, (type, fields) =>
      each(fields, (field, given) => ({
        [`${id}${type}${field}`]: part('AWS::AppSync::Resolver', {
          TypeName: type,
          FieldName: given.FieldName ?? field,
          Kind: 'PIPELINE',
          ...coded(given),
        }),
      })),
    ),
  };
}

function each(section: unknown, make: (name: string, given: JsonObject) => RawResources): RawResources {
  return Object.assign({}, ...Object.entries(recordOf(section)).map(([name, given]) => make(name, recordOf(given))));
}

function coded(given: JsonObject): JsonObject {
  return compact({
    ...pick(given, ['Description', 'MaxBatchSize', 'Runtime']),
    Code: given.InlineCode,
    CodeS3Location: given.CodeUri,
  });
}

function apiProperties({ id, properties }: SamResource): JsonObject {
  const auth = recordOf(properties.Auth);
  const additional = asList(auth.Additional).map((one) => {
    const { Type: type, ...settings } = recordOf(one);
    return { AuthenticationType: type, ...authorizerSettings(settings) };
  });
  return {
    ...pick(properties, [
      'Visibility',
      'OwnerContact',
      'XrayEnabled',
      'IntrospectionConfig',
      'QueryDepthLimit',
      'ResolverCountLimit',
    ]),
    Name: properties.Name ?? id,
    AuthenticationType: auth.Type,
    ...authorizerSettings(auth),
    AdditionalAuthenticationProviders: additional.length > 0 ? additional : undefined,
    LogConfig: logConfig(id, properties.Logging),
    Tags: tagList(properties.Tags),
  };
}

function authorizerSettings(given: JsonObject): JsonObject {
  return compact(Object.fromEntries(AUTHORIZERS.map(([name, config]) => [config, given[name]])));
}

/** SAM logs everything, unless logging is turned off. */
function logConfig(id: string, logging: unknown): JsonObject | undefined {
  if (logging === false) return undefined;
  const {
    FieldLogLevel = 'ALL',
    CloudWatchLogsRoleArn = getAtt(`${id}CloudWatchRole`, 'Arn'),
    ...more
  } = recordOf(logging);
  return { FieldLogLevel, CloudWatchLogsRoleArn, ...more };
}

function logsRole(api: SamResource): RawResources {
  const { id, properties } = api;
  const { Logging: logging } = properties;
  if (logging === false || recordOf(logging).CloudWatchLogsRoleArn !== undefined) return {};
  return {
    [`${id}CloudWatchRole`]: made(api, 'AWS::IAM::Role', {
      AssumeRolePolicyDocument: assumedBy('appsync.amazonaws.com'),
      ManagedPolicyArns: [managedArn('AWSAppSyncPushToCloudWatchLogs')],
    }),
  };
}

/** SAM permits the API to call its authorizer functions. */
function authorizerPermissions(api: SamResource): RawResources {
  const { id, properties } = api;
  const auth = recordOf(properties.Auth);
  const source = { Type: 'AWS::AppSync::GraphQLApi', Arn: ref(id), ResourceId: getAtt(id, 'ApiId') };
  const functions = [auth, ...asList(auth.Additional).map(recordOf)]
    .map(({ LambdaAuthorizer }) => recordOf(LambdaAuthorizer).AuthorizerUri)
    .filter((uri) => uri !== undefined);
  return Object.assign(
    {},
    ...functions.map((uri, index) => {
      const destination = { Type: 'AWS::Lambda::Function', Arn: uri };
      return connecting(`${id}ToLambdaAuthConnector${index + 1}`, source, destination, ['Write']);
    }),
  );
}

function connecting(id: string, Source: JsonObject, Destination: JsonObject, Permissions: unknown): RawResources {
  const connector = { Type: 'AWS::Serverless::Connector', Properties: { Source, Destination, Permissions } };
  return Object.fromEntries(connected(id, connector, {}));
}

/** Data sources, with a role for what they read where none is given. */
function dataSources(api: SamResource): RawResources {
  const sources = recordOf(api.properties.DataSources);
  return {
    ...each(sources.DynamoDb, (name, given) => {
      const { Region = ref('AWS::Region'), TableName, TableArn, Permissions = ['Read', 'Write'] } = given;
      const arn =
        TableArn ??
        sub('arn:${AWS::Partition}:dynamodb:${Region}:${AWS::AccountId}:table/${Table}', { Region, Table: TableName });
      return dataSource(api, `${name}DynamoDBDataSource`, given, {
        properties: {
          Name: given.Name ?? name,
          Type: 'AMAZON_DYNAMODB',
          DynamoDBConfig: compact({
            AwsRegion: Region,
            TableName,
            ...pick(given, ['UseCallerCredentials', 'Versioned']),
            DeltaSyncConfig: given.DeltaSync,
          }),
        },
        connector: 'ToTableConnector',
        destination: { Type: 'AWS::DynamoDB::Table', Arn: arn },
        permissions: Permissions,
      });
    }),
    ...each(sources.Lambda, (name, given) =>
      dataSource(api, `${name}LambdaDataSource`, given, {
        properties: {
          Name: given.Name ?? name,
          Type: 'AWS_LAMBDA',
          LambdaConfig: { LambdaFunctionArn: given.FunctionArn },
        },
        connector: 'ToLambdaConnector',
        destination: { Type: 'AWS::Lambda::Function', Arn: given.FunctionArn },
        permissions: ['Write'],
      }),
    ),
  };
}

interface Use {
  readonly properties: JsonObject;
  readonly connector: string;
  readonly destination: JsonObject;
  readonly permissions: unknown;
}

function dataSource(api: SamResource, name: string, given: JsonObject, use: Use): RawResources {
  const id = `${api.id}${name}`;
  const { ServiceRoleArn: role } = given;
  const resource = made(api, 'AWS::AppSync::DataSource', {
    ApiId: getAtt(api.id, 'ApiId'),
    Description: given.Description,
    ServiceRoleArn: role ?? getAtt(`${id}Role`, 'Arn'),
    ...use.properties,
  });
  if (role !== undefined) return { [id]: resource };
  const source = { Type: 'AWS::AppSync::DataSource', Arn: getAtt(id, 'DataSourceArn'), RoleName: ref(`${id}Role`) };
  return {
    [id]: resource,
    [`${id}Role`]: made(api, 'AWS::IAM::Role', { AssumeRolePolicyDocument: assumedBy('appsync.amazonaws.com') }),
    ...connecting(`${id}${use.connector}`, source, use.destination, use.permissions),
  };
}
