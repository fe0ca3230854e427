import { isIntrinsic } from '../is-intrinsic';
import { isDeepStrictEqual } from 'node:util';
import { MADE_FROM } from '../foreach';
import { replaceSubVariables } from '../sub-text';
import { httpApiResources, layerResources, restApiResources, tableResources } from './api';
import { addCors } from './api-cors';
import { addApiParts, authorizeRoutes, defineRoutes, secureDefinitions } from './api-expansion';
import { addResourcePolicies } from './api-policy';
import { capacityProviderResources } from './capacity-provider';
import { connectorResources } from './connectors';
import { bucketNotifications, eventsOf, poolTriggers } from './events';
import { functionResources } from './function';
import { graphqlApiResources } from './graphql-api';
import { acknowledged, change, notExpanded, type RawResources, referred, type SamResource } from './raw';
import { withDefaults } from './parameters';
import { IMPLICIT_HTTP_API, IMPLICIT_REST_API } from './routes';
import { stateMachineResources } from './state-machine';
import { websocketApiResources } from './websocket-api';
import { asList, isRecord, recordOf, type JsonObject } from '../../record';

const EXPANDED: Readonly<Record<string, (resource: SamResource) => RawResources>> = {
  'AWS::Serverless::Function': functionResources,
  'AWS::Serverless::Api': restApiResources,
  'AWS::Serverless::HttpApi': httpApiResources,
  'AWS::Serverless::SimpleTable': tableResources,
  'AWS::Serverless::LayerVersion': layerResources,
  'AWS::Serverless::StateMachine': stateMachineResources,
  'AWS::Serverless::WebSocketApi': websocketApiResources,
  'AWS::Serverless::GraphQLApi': graphqlApiResources,
  'AWS::Serverless::CapacityProvider': capacityProviderResources,
};

/**
 * A SAM template as CloudFormation: `Globals` are merged into the resources, and each resource becomes those that SAM
 * makes of it, under SAM's own logical ids. What is not known here stays as it is, with a note that it was not
 * expanded.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
 */
export function expandSam(template: JsonObject): JsonObject {
  const parameters = recordOf(template.Parameters);
  const globals = recordOf(withDefaults(template.Globals, parameters));
  const raw = recordOf(template.Resources);
  const written = Object.entries(raw).map(([id, one]): SamResource => {
    const resource = recordOf(one);
    const [, section] = /^AWS::Serverless::(\w+)$/.exec(String(resource.Type)) ?? [];
    const shared = section === undefined ? {} : recordOf(globals[section]);
    const own = section === undefined ? resource.Properties : withDefaults(resource.Properties, parameters);
    return { id, raw: resource, properties: merged(shared, recordOf(own)) as JsonObject };
  });
  const resources = new Map<string, JsonObject>();
  for (const resource of written) {
    for (const [id, made] of Object.entries(expanded(resource))) {
      // A shared role or queue is created once.
      if (id !== resource.id && Object.hasOwn(raw, id)) continue;
      const own = acknowledged(resource, id === resource.id ? made : { [MADE_FROM]: resource.id, ...made });
      resources.set(id, joined(resources.get(id), own));
    }
  }
  for (const [id, made] of Object.entries(connectorResources(raw as Readonly<Record<string, JsonObject>>))) {
    const from = Object.keys(raw).find((one) => id.startsWith(one)) ?? id;
    resources.set(id, { [MADE_FROM]: from, ...made });
  }
  const conditions = addImplicitApis(resources, globals, written);
  addNotifications(resources, written);
  addTriggers(resources, written);
  defineRoutes(resources, written);
  addCors(resources, written);
  secureDefinitions(resources, written, globals);
  authorizeRoutes(resources, written, globals);
  addApiParts(resources, written, globals);
  addResourcePolicies(resources, written, {
    globals: recordOf(globals.Api),
    parameters,
  });
  const all = Object.fromEntries(resources);
  const Conditions = { ...recordOf(template.Conditions), ...conditions };
  return withAliasReferences({ ...template, Conditions, Resources: all }, all) as JsonObject;
}

/** Records of several domains in one zone share a record set group. */
function joined(before: JsonObject | undefined, made: JsonObject): JsonObject {
  if (before?.Type !== 'AWS::Route53::RecordSetGroup') return made;
  const properties = recordOf(made.Properties);
  const RecordSets = [...asList(recordOf(before.Properties).RecordSets), ...asList(properties.RecordSets)];
  return { ...made, Properties: { ...properties, RecordSets } };
}

function expanded(resource: SamResource): RawResources {
  const type = String(resource.raw.Type);
  if (type === 'AWS::Serverless::Connector') return {};
  if (Object.hasOwn(EXPANDED, type)) return EXPANDED[type]!(resource);
  const known = !type.startsWith('AWS::Serverless::') || type === 'AWS::Serverless::Application';
  const { raw } = resource;
  return { [resource.id]: known ? raw : notExpanded(raw, `the expansion of ${type} is not known here`) };
}

/** A resource's settings over those of `Globals`: maps are merged, lists concatenated, other values replaced. */
function merged(shared: unknown, own: unknown): unknown {
  if (own === undefined) return shared;
  if (Array.isArray(shared) && Array.isArray(own)) return [...(shared as unknown[]), ...(own as unknown[])];
  if (!isRecord(shared) || !isRecord(own) || isIntrinsic(shared) || isIntrinsic(own)) return own;
  const names = new Set([...Object.keys(shared), ...Object.keys(own)]);
  return Object.fromEntries([...names].map((name) => [name, merged(shared[name], own[name])]));
}

/**
 * SAM creates an API when a route names none; if everything that adds a route to it is conditional, it exists if one of
 * the conditions holds.
 * @returns the conditions that it adds
 */
function addImplicitApis(
  resources: Map<string, JsonObject>,
  globals: JsonObject,
  written: readonly SamResource[],
): JsonObject {
  const conditions: Record<string, unknown> = {};
  for (const [id, section, event, expand] of [
    [IMPLICIT_REST_API, 'Api', 'Api', restApiResources],
    [IMPLICIT_HTTP_API, 'HttpApi', 'HttpApi', httpApiResources],
  ] as const) {
    const routed = [...resources.values()].some(({ Type: type, Properties: properties }) => {
      const { RestApiId, ApiId } = recordOf(properties);
      return String(type).startsWith('AWS::ApiGateway') && referred(RestApiId ?? ApiId) === id;
    });
    if (resources.has(id) || !routed) continue;
    const stage = section === 'Api' ? { StageName: 'Prod' } : {};
    const asking = written.filter((one) =>
      eventsOf(one).some(
        ({ type, properties: { RestApiId, ApiId } }) => type === event && (referred(RestApiId ?? ApiId) ?? id) === id,
      ),
    );
    const names = [...new Set(asking.map(({ raw }) => raw.Condition))];
    const [only] = names;
    const conditional = names.every((name) => typeof name === 'string');
    if (conditional && names.length > 1)
      conditions[`${id}Condition`] = anyOf(names.map((Condition) => ({ Condition })));
    const raw = conditional ? { Condition: names.length > 1 ? `${id}Condition` : only } : {};
    const api = { id, raw, properties: { ...stage, ...recordOf(globals[section]) } };
    for (const [made, resource] of Object.entries(expand(api))) resources.set(made, resource);
  }
  return conditions;
}

/** `Fn::Or` takes at most ten conditions. */
function anyOf(conditions: readonly JsonObject[]): JsonObject {
  if (conditions.length <= 10) return { 'Fn::Or': conditions };
  const groups = Array.from({ length: Math.ceil(conditions.length / 10) }, (_, at) =>
    conditions.slice(10 * at, 10 * at + 10),
  );
  return anyOf(groups.map((group) => (group.length === 1 ? group[0]! : anyOf(group))));
}

function addNotifications(resources: Map<string, JsonObject>, written: readonly SamResource[]): void {
  for (const fn of written.filter(({ raw }) => raw.Type === 'AWS::Serverless::Function')) {
    for (const [bucket, configuration] of bucketNotifications(fn)) {
      change(resources, bucket, (properties) => {
        const notifications = recordOf(properties.NotificationConfiguration);
        // SAM does not add duplicates.
        const others = asList(notifications.LambdaConfigurations).filter(
          (one) => !isDeepStrictEqual(one, configuration),
        );
        const LambdaConfigurations = [...others, configuration];
        return { NotificationConfiguration: { ...notifications, LambdaConfigurations } };
      });
    }
  }
}

function addTriggers(resources: Map<string, JsonObject>, written: readonly SamResource[]): void {
  for (const fn of written.filter(({ raw }) => raw.Type === 'AWS::Serverless::Function')) {
    for (const [pool, trigger, arn] of poolTriggers(fn)) {
      change(resources, pool, ({ LambdaConfig }) => ({ LambdaConfig: { ...recordOf(LambdaConfig), [trigger]: arn } }));
    }
  }
}

/** `!Ref Function.Alias` and `${Function.Version}` name resources that SAM creates. */
function withAliasReferences(value: unknown, resources: RawResources): unknown {
  if (Array.isArray(value)) return value.map((item) => withAliasReferences(item, resources));
  if (!isRecord(value)) return value;
  const madeOf = (id: string, kind: string) => Object.keys(resources).find((one) => one.startsWith(`${id}${kind}`));
  const { Ref: name, 'Fn::Sub': text } = value;
  const [, id, kind] = (typeof name === 'string' && /^(\w+)\.(Alias|Version)$/.exec(name)) || [];
  const made = id !== undefined && kind !== undefined ? madeOf(id, kind) : undefined;
  if (made !== undefined) return { Ref: made };
  if (typeof text === 'string') {
    const named = replaceSubVariables(text, (variable) => {
      const [, of, what] = /^(\w+)\.(Alias|Version)$/.exec(variable) ?? [];
      const found = of !== undefined && what !== undefined ? madeOf(of, what) : undefined;
      return found === undefined ? undefined : `\${${found}}`;
    });
    return { ...value, 'Fn::Sub': named };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withAliasReferences(item, resources)]));
}
