import * as facts from '../../../../../core/facts/api-gateway';
import { type JsonObject, recordOf, records, text } from '../../../kernel/json';
import { requiredParameters } from '../http-service-integration';
import { amiss, knownText, lacking, outside, type Part, type Parts, unless } from './parts';

const PROXIES = ['AWS_PROXY', 'HTTP_PROXY'];
const BACKENDS = ['AWS::ElasticLoadBalancingV2::Listener', 'AWS::ServiceDiscovery::Service'];
const BACKEND_ARN = /^arn:[^:]*:(elasticloadbalancing:.*:listener\/|servicediscovery:.*:service\/)/;
const REQUEST_KEY = /^((append|overwrite|remove):(header|querystring)\.\S+|overwrite:path)$/;
const RESPONSE_KEY = /^((append|overwrite|remove):header\.\S+|overwrite:statuscode)$/;
/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html#http-api-mapping-reserved-headers */
const RESERVED =
  /^(access-control-.*|apigw-.*|authorization|connection|content-(encoding|length|location)|forwarded|keep-alive|origin|proxy-(authenticate|authorization)|te|trailers|transfer-encoding|upgrade|x-amzn?-.*|x-forwarded-(for|host|proto)|via)$/i;

/**
 * Why API Gateway refuses an integration of an HTTP or WebSocket API.
 * @param protocol of the API; undefined if it is not known
 */
export function integrationFaults(part: Part, parts: Parts, protocol: string | undefined): readonly string[] {
  const { given } = part;
  const { IntegrationType, ConnectionType, ConnectionId, TimeoutInMillis } = given;
  const http = protocol === 'HTTP';
  const most = http ? facts.httpIntegrationTimeout.value : facts.webSocketIntegrationTimeout.value;
  const range = { min: facts.leastIntegrationTimeout.value, max: most * 1000 };
  return [
    ...(http
      ? amiss(
          IntegrationType,
          PROXIES,
          'Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)',
        )
      : []),
    ...(protocol === undefined
      ? []
      : outside(TimeoutInMillis, range, `Timeout should be between ${range.min} ms and ${range.max} ms`)),
    ...formatFaults(given, protocol),
    ...(http && ConnectionType === 'VPC_LINK'
      ? [
          ...lacking(ConnectionId, 'ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK'),
          ...privateFaults(given, parts),
        ]
      : []),
    ...(http && given.IntegrationSubtype !== undefined ? subtypeFaults(given) : []),
    ...(http && given.IntegrationSubtype === undefined ? proxyFaults(given) : []),
    ...(http ? responseFaults(given) : []),
  ];
}

function formatFaults({ IntegrationType, PayloadFormatVersion }: JsonObject, protocol: string | undefined) {
  const version = text(PayloadFormatVersion);
  if (protocol === 'WEBSOCKET') {
    return version === '2.0' && IntegrationType === 'AWS_PROXY' ? ['Unsupported PayloadFormatVersion: 2.0'] : [];
  }
  if (protocol !== 'HTTP') return [];
  if (IntegrationType === 'HTTP_PROXY' && version === '2.0') {
    return ['PayloadFormatVersion 2.0 is not supported for integration of type HTTP_PROXY'];
  }
  return [
    ...lacking(PayloadFormatVersion, 'PayloadFormatVersion is a required parameter for integration'),
    ...amiss(PayloadFormatVersion, ['1.0', '2.0'], `Unsupported PayloadFormatVersion: ${version}`),
  ];
}

/** A private integration names a listener or a service of Cloud Map. */
function privateFaults({ IntegrationUri }: JsonObject, parts: Parts): readonly string[] {
  const uri = knownText(IntegrationUri);
  if (uri === undefined || BACKEND_ARN.test(uri) || /\$\{/.test(uri)) return [];
  const known = BACKENDS.flatMap((type) => parts.ofType(type)).flatMap(({ deployed: { ref, arn } }) => [ref, arn]);
  return known.includes(uri)
    ? []
    : ['For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map service ARN.'];
}

function subtypeFaults({ IntegrationSubtype, CredentialsArn, RequestParameters, PayloadFormatVersion }: JsonObject) {
  const subtype = text(IntegrationSubtype);
  if (subtype === undefined) return [];
  const required = requiredParameters(subtype) ?? [];
  const given = Object.keys(recordOf(RequestParameters));
  const missing = RequestParameters === null ? [] : required.filter((name) => !given.includes(name));
  return [
    ...lacking(CredentialsArn, `Role ARN must be specified for AWS integration configuration with Subtype: ${subtype}`),
    ...amiss(PayloadFormatVersion, ['1.0'], `Operation: ${subtype} is not supported.`),
    ...(missing.length > 0
      ? [
          `Operation: ${subtype} requires enabling passthrough, or defining all of the following parameters: ${required.join(', ')}`,
        ]
      : []),
  ];
}

function proxyFaults({ IntegrationType, IntegrationMethod, RequestParameters }: JsonObject): readonly string[] {
  return [
    ...(IntegrationType === 'HTTP_PROXY'
      ? lacking(IntegrationMethod, 'HttpMethod parameter method must be specified for integrationType HTTPPROXY')
      : []),
    ...Object.keys(recordOf(RequestParameters)).flatMap((key) => [
      ...unless(REQUEST_KEY, key, `Invalid Request Actioned Parameter destination specified: ${key}`),
      ...reservedFaults(key),
    ]),
  ];
}

function responseFaults({ ResponseParameters }: JsonObject): readonly string[] {
  return Object.entries(recordOf(ResponseParameters)).flatMap(([status, mappings]) => [
    ...outside(status, { min: 200, max: 599 }, `Status Code ${status} is not valid`),
    ...records(recordOf(mappings).ResponseParameters).flatMap(({ Destination }) => [
      ...unless(
        RESPONSE_KEY,
        Destination,
        `Invalid Response Actioned Parameter destination specified: ${text(Destination)}`,
      ),
      ...reservedFaults(text(Destination) ?? ''),
    ]),
  ]);
}

function reservedFaults(key: string): readonly string[] {
  const name = /:header\.(.+)$/.exec(key)?.[1] ?? '';
  return RESERVED.test(name) ? [`the header '${name}' is reserved: no mapping may set it`] : [];
}
