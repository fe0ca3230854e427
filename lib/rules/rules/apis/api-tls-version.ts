import { at, items, toText } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

export const apiTlsVersion: Rule = {
  id: 'ApiTlsVersion',
  severity: 'error',
  title: 'A domain of an API requires TLS 1.2 or later',
  why: 'TLS 1.0 is broken: anyone between client and API can read the traffic.',
  fix: 'set SecurityPolicy to TLS_1_2',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html',
  check: each(['AWS::ApiGateway::DomainName', 'AWS::ApiGatewayV2::DomainName'], function* (domain) {
    const policies = [
      at(domain, 'SecurityPolicy'),
      ...items(at(domain, 'DomainNameConfigurations')).map((item) => at(item, 'SecurityPolicy')),
    ];
    if (!policies.map(toText).includes('TLS_1_0')) return;
    yield { resource: domain, property: 'SecurityPolicy', message: 'accepts TLS 1.0' };
  }),
};
