import { EndpointType, type RestApiProps, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import type { OwnDomainProps } from './api-domain';

/** A REST API under a custom domain only. */
export function restDomain({ name, certificate, basePath, mutualTls }: OwnDomainProps): RestApiProps {
  return {
    disableExecuteApiEndpoint: true,
    domainName: {
      domainName: name,
      certificate,
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      basePath,
      ...(mutualTls && { mtls: { bucket: mutualTls.bucket, key: mutualTls.key, version: mutualTls.version } }),
    },
  };
}
