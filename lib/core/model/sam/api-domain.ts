import { createHash } from 'node:crypto';
import type { Raw } from '../intrinsics';
import { compact, made, objectOf, pick, type RawResources, ref, type SamResource } from './raw';

/** The domain of a REST API: a private one is another resource, and may be open to one endpoint of a network. */
export function restDomainResources(api: SamResource): RawResources {
  const domain = objectOf(api.properties.Domain);
  const { EndpointConfiguration: endpoint = 'REGIONAL', CertificateArn, AccessAssociation: access } = domain;
  const shared = {
    ...pick(domain, ['DomainName', 'SecurityPolicy', 'EndpointAccessMode', 'Policy']),
    EndpointConfiguration: { Types: [endpoint] },
  };
  if (endpoint !== 'PRIVATE') {
    return domainResource(api, 'ApiGatewayDomainName', 'AWS::ApiGateway::DomainName', {
      ...shared,
      ...pick(domain, ['MutualTlsAuthentication', 'OwnershipVerificationCertificateArn']),
      [endpoint === 'EDGE' ? 'CertificateArn' : 'RegionalCertificateArn']: CertificateArn,
    });
  }
  const resource = domainResource(api, 'ApiGatewayDomainNameV2', 'AWS::ApiGateway::DomainNameV2', {
    ...shared,
    CertificateArn,
  });
  const [id] = Object.keys(resource);
  if (id === undefined || access === undefined) return resource;
  const association = made(api, 'AWS::ApiGateway::DomainNameAccessAssociation', {
    DomainNameArn: ref(id),
    AccessAssociationSourceType: 'VPCE',
    AccessAssociationSource: objectOf(access).VpcEndpointId,
  });
  return { ...resource, [`${id}AccessAssociation`]: association };
}

/** The domain of an HTTP API. */
export function httpDomainResources(api: SamResource): RawResources {
  const domain = objectOf(api.properties.Domain);
  return domainResource(api, 'ApiGatewayDomainNameV2', 'AWS::ApiGatewayV2::DomainName', {
    ...pick(domain, ['DomainName', 'MutualTlsAuthentication']),
    DomainNameConfigurations: [
      compact({
        CertificateArn: domain.CertificateArn,
        EndpointType: domain.EndpointConfiguration ?? 'REGIONAL',
        SecurityPolicy: domain.SecurityPolicy,
      }),
    ],
  });
}

/** A domain under SAM's logical id, which is made of its name: each of several APIs may have one. */
function domainResource(api: SamResource, prefix: string, type: string, properties: Raw): RawResources {
  const name = objectOf(api.properties.Domain).DomainName;
  if (name === undefined) return {};
  const text = typeof name === 'string' ? name : JSON.stringify(name);
  const hash = createHash('sha1').update(text).digest('hex').slice(0, 10);
  return { [prefix + hash]: made(api, type, properties) };
}
