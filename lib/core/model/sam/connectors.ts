import { CONNECTOR_PROFILES, type ConnectorProfile, type End } from './connector-profiles';
import { compact, getAtt, notExpanded, type RawResources, ref, referred, sub } from './raw';
import { asList, isRecord, recordOf, type JsonObject } from '../../record';

/** The CloudFormation types that SAM's types count as in connectors. */
const AS_TYPE: Readonly<Record<string, string>> = {
  'AWS::Serverless::Function': 'AWS::Lambda::Function',
  'AWS::Serverless::StateMachine': 'AWS::StepFunctions::StateMachine',
  'AWS::Serverless::Api': 'AWS::ApiGateway::RestApi',
  'AWS::Serverless::HttpApi': 'AWS::ApiGatewayV2::Api',
  'AWS::Serverless::SimpleTable': 'AWS::DynamoDB::Table',
};

/** A reference to one end of a connector, by id or by properties. */
interface Reference extends End {
  readonly type: string;
  readonly role?: unknown;
  readonly queueUrl?: unknown;
}

/**
 * Expands a template's connectors: those that are resources, and those embedded in their source resources.
 * @param resources the resources as written
 */
export function connectorResources(resources: Readonly<Record<string, JsonObject>>): RawResources {
  const made: [string, JsonObject][] = [];
  for (const [id, one] of Object.entries(resources)) {
    const resource = recordOf(one);
    if (resource.Type === 'AWS::Serverless::Connector') made.push(...connected(id, resource, resources));
    for (const [name, raw] of Object.entries(recordOf(resource.Connectors))) {
      const connector = recordOf(raw);
      const properties = recordOf(connector.Properties);
      const source = { ...recordOf(properties.SourceReference), Id: id };
      const whole = { ...connector, Properties: { ...properties, Source: source } };
      made.push(...connected(`${id}${name}`, whole, resources));
    }
  }
  return Object.fromEntries(made);
}

/** Expands one connector, to ids that start with its own. */
export function connected(id: string, connector: JsonObject, resources: RawResources): [string, JsonObject][] {
  const { Source, Destination, Permissions } = recordOf(connector.Properties);
  const several = Array.isArray(Destination);
  return asList(Destination).flatMap((one, index): [string, JsonObject][] => {
    const suffix = several ? `Destination${index}` : '';
    const source = referenceOf(recordOf(Source), recordOf(one), resources);
    const destination = referenceOf(recordOf(one), recordOf(Source), resources);
    const profile = source && destination ? profileOf(source.type, destination.type) : undefined;
    if (!source || !destination || !profile) {
      const reason = `what a connector of ${source?.type ?? 'an unknown resource'} and ${destination?.type ?? 'an unknown resource'} grants is not known here`;
      return [[`${id}${suffix}`, notExpanded(compact({ ...connector, Type: 'AWS::Serverless::Connector' }), reason)]];
    }
    const permissions = (['Read', 'Write'] as const).filter((name) => asList(Permissions).includes(name));
    const grants = permissions.flatMap((name): Grants[] => {
      const statements = profile.grants[name]?.({ source, destination });
      return statements ? [{ name, statements }] : [];
    });
    const holder = profile.holder === 'source' ? source : destination;
    return granting(profile.kind, holder, grants).map(({ name, type, properties }) => [
      `${id}${name}${suffix}`,
      compact({
        Type: type,
        Condition: connector.Condition,
        Metadata: connector.Metadata,
        Properties: properties,
      }),
    ]);
  });
}

function profileOf(source: string, destination: string): ConnectorProfile | undefined {
  const of = Object.hasOwn(CONNECTOR_PROFILES, source) ? CONNECTOR_PROFILES[source]! : {};
  return Object.hasOwn(of, destination) ? of[destination] : undefined;
}

interface Grants {
  readonly name: string;
  readonly statements: readonly JsonObject[];
}

interface Granting {
  readonly name: string;
  readonly type: string;
  readonly properties: JsonObject;
}

function granting(kind: ConnectorProfile['kind'], holder: Reference, grants: readonly Grants[]): Granting[] {
  const Statement = grants.flatMap(({ statements }) => statements);
  const PolicyDocument = { Version: '2012-10-17', Statement };
  switch (kind) {
    case 'role':
      return [
        { name: 'Policy', type: 'AWS::IAM::ManagedPolicy', properties: { PolicyDocument, Roles: [holder.role] } },
      ];
    case 'queue':
      return [
        {
          name: 'QueuePolicy',
          type: 'AWS::SQS::QueuePolicy',
          properties: { PolicyDocument, Queues: [holder.queueUrl] },
        },
      ];
    case 'topic':
      return [
        { name: 'TopicPolicy', type: 'AWS::SNS::TopicPolicy', properties: { PolicyDocument, Topics: [holder.arn] } },
      ];
    case 'permission':
      return grants.map(({ name, statements: [permission] }) => ({
        name: `${name}LambdaPermission`,
        type: 'AWS::Lambda::Permission',
        properties: { ...permission, FunctionName: holder.arn },
      }));
  }
}

function referenceOf(
  end: JsonObject,
  other: JsonObject,
  resources: Readonly<Record<string, JsonObject>>,
): Reference | undefined {
  const id = end.Id;
  if (typeof id !== 'string') {
    const type = String(end.Type);
    return {
      type: AS_TYPE[type] ?? type,
      arn: end.Arn,
      name: end.Name,
      resourceId: end.ResourceId,
      qualifier: end.Qualifier,
      role: end.RoleName,
      queueUrl: end.QueueUrl,
    };
  }
  const resource = Object.hasOwn(resources, id) ? resources[id] : undefined;
  if (!resource) return undefined;
  const written = String(resource.Type);
  const type = AS_TYPE[written] ?? written;
  return {
    type,
    arn: arnOf(type, id),
    name: type === 'AWS::StepFunctions::StateMachine' ? getAtt(id, 'Name') : undefined,
    resourceId: type === 'AWS::AppSync::GraphQLApi' ? getAtt(id, 'ApiId') : ref(id),
    qualifier: end.Qualifier ?? '*',
    role: roleOf(id, resource, other),
    queueUrl: ref(id),
  };
}

function arnOf(type: string, id: string): JsonObject {
  if (type === 'AWS::SNS::Topic' || type === 'AWS::StepFunctions::StateMachine') return ref(id);
  return getAtt(id, type === 'AWS::AppSync::DataSource' ? 'DataSourceArn' : 'Arn');
}

/** The role of a resource: its own, the one that it names, or that of its connected target. */
function roleOf(id: string, resource: JsonObject, other: JsonObject): unknown {
  const properties = recordOf(resource.Properties);
  const target = asList(properties.Targets)
    .map(recordOf)
    .find(({ Arn: arn }) => referred(arn) === other.Id);
  const given = properties.Role ?? properties.RoleArn ?? properties.ServiceRoleArn ?? target?.RoleArn;
  if (given === undefined) return String(resource.Type).startsWith('AWS::Serverless::') ? ref(`${id}Role`) : undefined;
  const name = referred(given);
  if (name !== undefined && isRecord(given) && 'Fn::GetAtt' in given) return ref(name);
  return typeof given === 'string' ? given.replace(/^.*\//, '') : sub('${Role}', { Role: given });
}
