import { MADE_FROM } from '../foreach';
import { type Raw } from '../intrinsics';
import { defaultAuthorization, httpApiResources, layerResources, restApiResources, tableResources } from './api';
import { bucketNotifications, IMPLICIT_HTTP_API, IMPLICIT_REST_API } from './events';
import { functionResources } from './function';
import { isIntrinsic, isObject, listOf, objectOf, type RawResources, type SamResource } from './raw';
import { stateMachineResources } from './state-machine';

const EXPANDED: Readonly<Record<string, (resource: SamResource) => RawResources>> = {
  'AWS::Serverless::Function': functionResources,
  'AWS::Serverless::Api': restApiResources,
  'AWS::Serverless::HttpApi': httpApiResources,
  'AWS::Serverless::SimpleTable': tableResources,
  'AWS::Serverless::LayerVersion': layerResources,
  'AWS::Serverless::StateMachine': stateMachineResources,
};

/**
 * A SAM template as CloudFormation: `Globals` are merged into the resources, and each resource becomes those that SAM
 * makes of it, under SAM's own logical ids. What it does not know stays as it is, and is reported as unknown.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
 */
export function expandSam(template: Raw): Raw {
  const globals = objectOf(template['Globals']);
  const written = Object.entries(objectOf(template['Resources'])).map(([id, raw]): SamResource => {
    const resource = objectOf(raw);
    const [, section] = /^AWS::Serverless::(\w+)$/.exec(String(resource['Type'])) ?? [];
    const shared = section === undefined ? {} : objectOf(globals[section]);
    return { id, raw: resource, properties: merged(shared, objectOf(resource['Properties'])) as Raw };
  });
  const resources: Record<string, Raw> = {};
  for (const resource of written) {
    const type = String(resource.raw['Type']);
    const expand = Object.hasOwn(EXPANDED, type) ? EXPANDED[type] : undefined;
    for (const [id, made] of Object.entries(expand ? expand(resource) : { [resource.id]: resource.raw })) {
      resources[id] = acknowledged(resource, id === resource.id ? made : { [MADE_FROM]: resource.id, ...made });
    }
  }
  addImplicitApis(resources, globals);
  addNotifications(resources, written);
  authorizeRoutes(resources, written, globals);
  return withAliasReferences({ ...template, Resources: resources }, resources) as Raw;
}

/** What a team says of its resource holds for everything that is made of it. */
function acknowledged({ id, raw }: SamResource, made: Raw): Raw {
  const { Lintel: said } = objectOf(raw['Metadata']);
  return said === undefined
    ? made
    : { ...made, Metadata: { ...objectOf(made['Metadata']), Lintel: said, [MADE_FROM]: id } };
}

/** What a resource says over what `Globals` say: maps are merged, lists are joined, other values are replaced. */
function merged(shared: unknown, own: unknown): unknown {
  if (own === undefined) return shared;
  if (Array.isArray(shared) && Array.isArray(own)) return [...(shared as unknown[]), ...(own as unknown[])];
  if (!isObject(shared) || !isObject(own) || isIntrinsic(shared) || isIntrinsic(own)) return own;
  const names = new Set([...Object.keys(shared), ...Object.keys(own)]);
  return Object.fromEntries([...names].map((name) => [name, merged(shared[name], own[name])]));
}

/** SAM makes an API when a route names none. */
function addImplicitApis(resources: Record<string, Raw>, globals: Raw): void {
  const text = JSON.stringify(resources);
  for (const [id, section, expand] of [
    [IMPLICIT_REST_API, 'Api', restApiResources],
    [IMPLICIT_HTTP_API, 'HttpApi', httpApiResources],
  ] as const) {
    if (Object.hasOwn(resources, id) || !text.includes(`{"Ref":"${id}"}`)) continue;
    const stage = section === 'Api' ? { StageName: 'Prod' } : {};
    Object.assign(resources, expand({ id, raw: {}, properties: { ...stage, ...objectOf(globals[section]) } }));
  }
}

function addNotifications(resources: Record<string, Raw>, written: readonly SamResource[]): void {
  for (const fn of written.filter(({ raw }) => raw['Type'] === 'AWS::Serverless::Function')) {
    for (const [bucket, configuration] of bucketNotifications(fn)) {
      const resource = resources[bucket];
      if (!resource) continue;
      const properties = objectOf(resource['Properties']);
      const notifications = objectOf(properties['NotificationConfiguration']);
      resources[bucket] = {
        ...resource,
        Properties: {
          ...properties,
          NotificationConfiguration: {
            ...notifications,
            LambdaConfigurations: [...listOf(notifications['LambdaConfigurations']), configuration],
          },
        },
      };
    }
  }
}

/** A route that says nothing about authorization has that of its API. */
function authorizeRoutes(resources: Record<string, Raw>, written: readonly SamResource[], globals: Raw): void {
  const settings = new Map(written.map(({ id, properties }) => [id, properties]));
  for (const [id, resource] of Object.entries(resources)) {
    const rest = resource['Type'] === 'AWS::ApiGateway::Method';
    if (!rest && resource['Type'] !== 'AWS::ApiGatewayV2::Route') continue;
    const properties = objectOf(resource['Properties']);
    if (properties['AuthorizationType'] !== undefined) continue;
    const api = objectOf(properties[rest ? 'RestApiId' : 'ApiId'])['Ref'];
    const known = settings.get(String(api)) ?? objectOf(globals[rest ? 'Api' : 'HttpApi']);
    const type = defaultAuthorization(known, rest ? 'CUSTOM' : 'JWT');
    resources[id] = { ...resource, Properties: { ...properties, AuthorizationType: type } };
  }
}

/** `!Ref Function.Alias` and `${Function.Version}` name what SAM makes. */
function withAliasReferences(value: unknown, resources: RawResources): unknown {
  if (Array.isArray(value)) return value.map((item) => withAliasReferences(item, resources));
  if (!isObject(value)) return value;
  const madeOf = (id: string, kind: string) => Object.keys(resources).find((one) => one.startsWith(`${id}${kind}`));
  const { Ref: name, 'Fn::Sub': text } = value;
  const [, id, kind] = (typeof name === 'string' && /^(\w+)\.(Alias|Version)$/.exec(name)) || [];
  const made = id !== undefined && kind !== undefined ? madeOf(id, kind) : undefined;
  if (made !== undefined) return { Ref: made };
  if (typeof text === 'string') {
    const named = text.replace(/\$\{(\w+)\.(Alias|Version)\}/g, (whole, of: string, what: string) => {
      const found = madeOf(of, what);
      return found === undefined ? whole : `\${${found}}`;
    });
    return { ...value, 'Fn::Sub': named };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withAliasReferences(item, resources)]));
}
