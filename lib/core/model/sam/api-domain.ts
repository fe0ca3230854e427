import { createHash } from 'node:crypto';
import { compact, getAtt, made, pick, type RawResources, ref, type SamResource } from './raw';
import { asList, recordOf, type JsonObject } from '../../record';

/**
 * The domain of a REST API, its path mappings to the stage, and its DNS records. A private domain is a different
 * resource type, and may be open to one VPC endpoint.
 */
export function restDomainResources(api: SamResource, stageId: string): RawResources {
  const domain = recordOf(api.properties.Domain);
  const { EndpointConfiguration: endpoint = 'REGIONAL', CertificateArn, AccessAssociation: access } = domain;
  const shared = {
    ...pick(domain, ['DomainName', 'SecurityPolicy', 'EndpointAccessMode', 'Policy']),
    EndpointConfiguration: { Types: [endpoint] },
  };
  const mapped = (type: string, named: JsonObject): RawResources =>
    mappings(api, type, 'BasePathMapping', (path) => ({
      ...named,
      RestApiId: ref(api.id),
      Stage: ref(stageId),
      BasePath: path,
    }));
  if (endpoint !== 'PRIVATE') {
    const id = domainId(api, 'ApiGatewayDomainName');
    if (id === undefined) return {};
    const regional = endpoint !== 'EDGE';
    return {
      [id]: made(api, 'AWS::ApiGateway::DomainName', {
        ...shared,
        ...pick(domain, ['MutualTlsAuthentication', 'OwnershipVerificationCertificateArn']),
        [regional ? 'RegionalCertificateArn' : 'CertificateArn']: CertificateArn,
      }),
      ...mapped('AWS::ApiGateway::BasePathMapping', { DomainName: ref(id) }),
      ...records(
        api,
        regional ? getAtt(id, 'RegionalDomainName') : getAtt(id, 'DistributionDomainName'),
        zone(id, regional),
      ),
    };
  }
  const id = domainId(api, 'ApiGatewayDomainNameV2');
  if (id === undefined) return {};
  return {
    [id]: made(api, 'AWS::ApiGateway::DomainNameV2', { ...shared, CertificateArn }),
    ...mapped('AWS::ApiGateway::BasePathMappingV2', { DomainNameArn: ref(id) }),
    ...(access !== undefined && {
      [`${id}AccessAssociation`]: made(api, 'AWS::ApiGateway::DomainNameAccessAssociation', {
        DomainNameArn: ref(id),
        AccessAssociationSourceType: 'VPCE',
        AccessAssociationSource: recordOf(access).VpcEndpointId,
      }),
    }),
    ...records(api, recordOf(domain.Route53).VpcEndpointDomainName, recordOf(domain.Route53).VpcEndpointHostedZoneId),
  };
}

/** The domain of an HTTP API. */
export function httpDomainResources(api: SamResource, stageId: string): RawResources {
  return v2DomainResources(api, stageId, 'ApiGatewayDomainNameV2');
}

/** The domain of a WebSocket API. */
export function websocketDomainResources(api: SamResource, stageId: string): RawResources {
  return v2DomainResources(api, stageId, 'ApiGatewayDomainNameV2');
}

function v2DomainResources(api: SamResource, stageId: string, prefix: string): RawResources {
  const domain = recordOf(api.properties.Domain);
  const id = domainId(api, prefix);
  if (id === undefined) return {};
  return {
    [id]: made(api, 'AWS::ApiGatewayV2::DomainName', {
      ...pick(domain, ['DomainName', 'MutualTlsAuthentication']),
      DomainNameConfigurations: [
        compact({
          CertificateArn: domain.CertificateArn,
          EndpointType: domain.EndpointConfiguration ?? 'REGIONAL',
          SecurityPolicy: domain.SecurityPolicy,
        }),
      ],
    }),
    ...mappings(api, 'AWS::ApiGatewayV2::ApiMapping', 'ApiMapping', (path) => ({
      ApiId: ref(api.id),
      DomainName: ref(id),
      Stage: ref(stageId),
      ApiMappingKey: path,
    })),
    ...records(api, getAtt(id, 'RegionalDomainName'), zone(id, true)),
  };
}

/** The logical id of a domain, which SAM derives from its name: several APIs may each have one. */
function domainId(api: SamResource, prefix: string): string | undefined {
  const name = recordOf(api.properties.Domain).DomainName;
  return name === undefined ? undefined : prefix + digest(name);
}

function digest(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return createHash('sha1').update(text).digest('hex').slice(0, 10);
}

/** One mapping for each base path of an API; the whole domain if none is given. */
function mappings(
  api: SamResource,
  type: string,
  suffix: string,
  properties: (path: unknown) => JsonObject,
): RawResources {
  const paths = asList(recordOf(api.properties.Domain).BasePath);
  const named = paths.map((path) => (typeof path === 'string' ? path.replace(/^\/+|\/+$/g, '') : path));
  const all = named.length === 0 ? [undefined] : named.map((path) => (path === '' ? undefined : path));
  return Object.fromEntries(
    all.map((path) => {
      const word = typeof path === 'string' ? path.replace(/[^0-9A-Za-z]/g, '') : '';
      return [`${api.id}${word}${suffix}`, made(api, type, properties(path))];
    }),
  );
}

/** CloudFront's hosted zone, used for edge-optimized domains. */
const CLOUDFRONT = 'Z2FDTNDATAQYW2';

function zone(id: string, regional: boolean): unknown {
  return regional ? getAtt(id, 'RegionalHostedZoneId') : CLOUDFRONT;
}

/** The records of a domain in the given zone; domains in one zone share a record set group. */
function records(api: SamResource, name: unknown, hostedZone: unknown): RawResources {
  const domain = recordOf(api.properties.Domain);
  const route = recordOf(domain.Route53);
  const { HostedZoneId: id, HostedZoneName, IpV6: v6, EvaluateTargetHealth } = route;
  const own = id ?? HostedZoneName;
  if (own === undefined) return {};
  const target = compact({
    HostedZoneId: hostedZone,
    DNSName: route.DistributionDomainName ?? name,
    EvaluateTargetHealth,
  });
  const record = (Type: string): JsonObject =>
    compact({ ...pick(route, ['SetIdentifier', 'Region']), Name: domain.DomainName, Type, AliasTarget: target });
  const zoneOf = id === undefined ? { HostedZoneName } : { HostedZoneId: id };
  return {
    [`RecordSetGroup${digest(own)}`]: made(api, 'AWS::Route53::RecordSetGroup', {
      ...zoneOf,
      RecordSets: [record('A'), ...(v6 === true ? [record('AAAA')] : [])],
    }),
  };
}
