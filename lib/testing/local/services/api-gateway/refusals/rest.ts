import * as facts from '../../../../../core/facts/api-gateway';
import { type JsonObject, asList, recordOf, records, text, texts } from '../../../kernel/json';
import { authorizerFaults } from './authorizers';
import { mappingFaults } from './domains';
import { methodFaults, VERBS } from './methods';
import { modelFaults } from './models';
import { amiss, type Judge, knownText, lacking, outside, type Part, type Parts, unless } from './parts';

const API = 'AWS::ApiGateway::RestApi';
const METHOD = 'AWS::ApiGateway::Method';
const STAGE = 'AWS::ApiGateway::Stage';
const DEPLOYMENT = 'AWS::ApiGateway::Deployment';
const ENDPOINTS = ['REGIONAL', 'EDGE', 'PRIVATE'];
const CACHE_SIZES = ['0.5', '1.6', '6.1', '13.5', '28.4', '58.2', '118', '237'];
/** The last day of each period on which a quota may begin. */
const LAST_OFFSET: Readonly<Record<string, number>> = { DAY: 0, WEEK: 6, MONTH: 27 };

/**
 * What API Gateway refuses of each part of a REST API, in its words where they are known.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html
 */
export const REST_JUDGES: Readonly<Record<string, Judge>> = {
  [API]: apiFaults,
  'AWS::ApiGateway::Resource': resourceFaults,
  [METHOD]: methodFaults,
  'AWS::ApiGateway::Authorizer': authorizerFaults,
  'AWS::ApiGateway::Model': modelFaults,
  'AWS::ApiGateway::RequestValidator': ({ given: { Name } }) =>
    Name === '' ? ['Request Validator name cannot be blank'] : [],
  'AWS::ApiGateway::GatewayResponse': ({ given: { StatusCode } }) =>
    unless(/^[1-5]\d\d$/, StatusCode, `StatusCode has three digits, got '${text(StatusCode)}'`),
  [DEPLOYMENT]: deploymentFaults,
  [STAGE]: stageFaults,
  'AWS::ApiGateway::ApiKey': keyFaults,
  'AWS::ApiGateway::UsagePlan': planFaults,
  'AWS::ApiGateway::UsagePlanKey': ({ given: { KeyType } }) =>
    amiss(KeyType, ['API_KEY'], `KeyType is API_KEY, got '${text(KeyType)}'`),
  'AWS::ApiGateway::BasePathMapping': mappingFaults,
};

function apiFaults({ given, imported }: Part): readonly string[] {
  const { MinimumCompressionSize, EndpointConfiguration, Name, Policy } = given;
  const { Types, IpAddressType, VpcEndpointIds } = recordOf(EndpointConfiguration);
  const types = texts(Types);
  const ofTypes = types.map((type) =>
    amiss(type, ENDPOINTS, `Invalid EndpointTypes specified. Valid options are ${ENDPOINTS.join(',')}`),
  );
  const isPrivate = types.includes('PRIVATE');
  const defined = ['Body', 'BodyS3Location', 'CloneFrom'].some((name) => given[name] !== undefined);
  return [
    ...outside(
      MinimumCompressionSize,
      facts.compressionSize.value,
      'Invalid minimum compression size, must be between 0 and 10485760',
    ),
    ...(types.length > 1 ? ['Cannot create an api with multiple Endpoint Types.'] : ofTypes.flat()),
    ...amiss(IpAddressType, ['ipv4', 'dualstack'], 'ipAddressType must be either ipv4 or dualstack.'),
    ...(isPrivate && IpAddressType === 'ipv4' ? ['Only dualstack ipAddressType is supported for Private APIs.'] : []),
    ...(texts(VpcEndpointIds).length > 0 && Types !== null && !asList(Types).includes(null) && !isPrivate
      ? ['VPCEndpoints can only be specified with PRIVATE apis.']
      : []),
    ...(defined || imported ? [] : lacking(Name, 'Name is required for an API without an OpenAPI document')),
    ...unless(
      /^\s*(\{|$)/,
      Policy,
      'Invalid policy document. Please check the policy syntax and ensure that Principals are valid.',
    ),
  ];
}

function resourceFaults(part: Part, parts: Parts): readonly string[] {
  const { PathPart, ParentId } = part.given;
  const name = text(PathPart);
  const isVariable = (other: unknown) => /^\{.*\}$/.test(text(other) ?? '');
  const parent = parts.named(ParentId, part.deployed.type);
  const above = text(parent?.given.PathPart) ?? '';
  const earlier = parts.before(part).filter(({ given }) => text(given.ParentId) === text(ParentId));
  const siblings = ParentId === null ? [] : earlier.map(({ given }) => text(given.PathPart));
  const variable = siblings.find(isVariable);
  return [
    ...unless(
      // The service's own message leaves the comma and the dollar sign out, which it accepts.
      /^([\w.:,$-]+|\{[\w.:$-]+\+?\})$/,
      PathPart,
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    ),
    ...(above.endsWith('+}') ? [`Cannot create a child of a resource with a greedy path variable: ${above}`] : []),
    ...(name !== undefined && siblings.includes(name)
      ? [`Another resource with the same parent already has this name: ${name}`]
      : isVariable(name) && variable !== undefined
        ? [`A sibling (${variable}) of this resource already has a variable path part -- only one is allowed`]
        : []),
  ];
}

function deploymentFaults(part: Part, parts: Parts): readonly string[] {
  const { StageName, StageDescription } = part.given;
  const api = parts.api(part, API);
  const methods = parts.beside(part, METHOD);
  const isEmpty = api && !part.imported && methods.length === 0 && !parts.mayHaveMore(api, METHOD);
  return [
    ...(isEmpty ? ["The REST API doesn't contain any methods"] : []),
    ...(methods.some(({ given }) => given.Integration === undefined) ? ['No integration defined for method'] : []),
    ...unless(STAGE_NAME, StageName === '' ? undefined : StageName, STAGE_NAME_FAULT),
    ...stageSettingsFaults(recordOf(StageDescription)),
  ];
}

const STAGE_NAME = /^[\w-]{1,128}$/;
// The service's own message leaves the hyphen out, which it accepts.
const STAGE_NAME_FAULT = 'Stage name only allows a-zA-Z0-9_-, up to 128 characters';

function stageFaults(part: Part, parts: Parts): readonly string[] {
  const { StageName, CanarySetting, DeploymentId } = part.given;
  const name = text(StageName);
  // Its deployment may have created it.
  const others = [...parts.before(part), parts.named(DeploymentId, DEPLOYMENT)];
  const exists = others.some((other) => name !== undefined && text(other?.given.StageName) === name);
  return [
    ...unless(STAGE_NAME, StageName, STAGE_NAME_FAULT),
    ...(exists ? ['Stage already exists'] : []),
    ...outside(recordOf(CanarySetting).PercentTraffic, { min: 0, max: 100 }, 'PercentTraffic is from 0 to 100'),
    ...stageSettingsFaults(part.given),
  ];
}

/** What is wrong with the settings of a stage, which has them itself or in the description of its deployment. */
function stageSettingsFaults({ Variables, CacheClusterSize, AccessLogSetting, MethodSettings }: JsonObject) {
  return [
    ...variableFaults(Variables),
    ...amiss(CacheClusterSize, CACHE_SIZES, `CacheClusterSize is one of ${CACHE_SIZES.join(', ')}`),
    ...logFaults(recordOf(AccessLogSetting)),
    ...records(MethodSettings).flatMap(settingFaults),
  ];
}

/** What is wrong with the variables of a stage of any API. */
export function variableFaults(variables: unknown): readonly string[] {
  return Object.entries(recordOf(variables)).flatMap(([key, value]) => [
    ...unless(/^\w+$/, key, `Invalid stage variable name: ${key}.`),
    ...unless(/^[\w .~:/?#&=,-]*$/, value, `Invalid stage variable value of key ${key}.`),
  ]);
}

/** What is wrong with the access log of a stage of any API. */
export function logFaults({ Format }: JsonObject): readonly string[] {
  return unless(
    /\$context\.(requestId|extendedRequestId)/,
    Format,
    'Access Log format must include either $context.requestId or $context.extendedRequestId',
  );
}

function settingFaults({ HttpMethod, ResourcePath, CacheTtlInSeconds }: JsonObject): readonly string[] {
  return [
    ...amiss(HttpMethod, [...VERBS, '*'], `Invalid method setting path: the method '${text(HttpMethod)}'`),
    ...unless(/^\//, ResourcePath, `Invalid method setting path: ${text(ResourcePath)}`),
    ...outside(
      CacheTtlInSeconds,
      facts.authorizerTtl.value,
      'Invalid time-to-live setting, must be an integer no greater than 3600',
    ),
  ];
}

function keyFaults({ given: { Value, Name }, deployed }: Part, parts: Parts): readonly string[] {
  const value = knownText(Value);
  if ((text(Name) ?? '').length > 1024) return ['Invalid API Key name, can be at most 1024 characters.'];
  if (value === undefined) return [];
  const { min, max } = facts.apiKeyLength.value;
  if (value.length < min) return [`API Key value should be at least ${min} characters`];
  if (value.length > max) return [`API Key value exceeds maximum size of ${max} characters`];
  const first = parts
    .ofType(deployed.type)
    .find((other) => sameKey(other.deployed, deployed, other.given.Value, value));
  return first && first.deployed !== deployed ? ['API Key already exists'] : [];
}

/** Keys are unique in an account and region. */
function sameKey(one: Part['deployed'], other: Part['deployed'], value: unknown, wanted: string): boolean {
  return value === wanted && one.account === other.account && one.region === other.region;
}

function planFaults({ given: { Quota, ApiStages } }: Part, parts: Parts): readonly string[] {
  return [
    ...(Quota === undefined || Quota === null ? [] : quotaFaults(recordOf(Quota))),
    ...records(ApiStages).flatMap((stage) => planStageFaults(stage, parts)),
  ];
}

function quotaFaults({ Limit, Period, Offset }: JsonObject): readonly string[] {
  const wrong = 'Invalid Usage Plan quota period specified. Must be one of [DAY, WEEK, MONTH]';
  const period = text(Period) ?? '';
  const last = LAST_OFFSET[period];
  return [
    ...lacking(Period, wrong),
    ...amiss(Period, Object.keys(LAST_OFFSET), wrong),
    ...outside(Limit, { min: 0, max: Infinity }, 'Usage Plan quota limit must be a non-negative numeric'),
    ...(last === undefined
      ? []
      : outside(
          Offset,
          { min: 0, max: last },
          `Usage Plan quota offset must be between 0 and ${last} inclusive in the ${period} period`,
        )),
  ];
}

function planStageFaults({ ApiId, Stage, Throttle }: JsonObject, parts: Parts): readonly string[] {
  const [id, stage] = [text(ApiId), knownText(Stage)];
  const api = parts.named(id, API);
  const stages = [STAGE, DEPLOYMENT]
    .flatMap((type) => parts.of(id, type))
    .flatMap(({ given, deployed }) => [given.StageName, deployed.ref]);
  const isMissing =
    api !== undefined &&
    stage !== undefined &&
    !parts.isOpen(STAGE) &&
    !stages.some((name) => name === null || text(name) === stage);
  return [
    ...(isMissing ? [`API Stage not found: ${id}:${stage}`] : []),
    ...Object.keys(recordOf(Throttle)).flatMap((key) =>
      unless(/^\/.*\/([A-Z]+|\*)$/, key, `Invalid method {resourcePath: ${key},method: } specified`),
    ),
  ];
}
