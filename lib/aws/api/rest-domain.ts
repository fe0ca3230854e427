import { EndpointType, type RestApiProps, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import type { DomainProps } from './domain';

/** A REST API under a domain, and under no other address. */
export function restDomain({ name, certificate }: DomainProps): RestApiProps {
  return {
    disableExecuteApiEndpoint: true,
    domainName: {
      domainName: name,
      certificate,
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    },
  };
}
