import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

export const proxyTls: Rule = {
  id: 'ProxyTls',
  severity: 'warning',
  title: 'A database proxy refuses connections without TLS',
  why: 'One wrong client setting sends passwords and rows over the network unencrypted.',
  fix: 'set RequireTLS to true',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html',
  check: eachProperty(
    ['AWS::RDS::DBProxy'],
    'RequireTLS',
    (proxy, property) => booleans(proxy, property, false),
    (required) => (required ? undefined : 'accepts connections without TLS'),
  ),
};
