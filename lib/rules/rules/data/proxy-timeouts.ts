import { rds } from '../../../core/facts';
import { eachLimit } from '../../limits';
import type { Rule } from '../../rule';

export const proxyTimeouts: Rule = {
  id: 'ProxyTimeouts',
  severity: 'error',
  title: 'The timeouts of a database proxy are in range',
  why: 'RDS rejects the deployment otherwise.',
  fix: 'set a value in the range',
  source: rds.proxyIdleTimeout.source,
  check: eachLimit(
    ['AWS::RDS::DBProxy', 'AWS::RDS::DBProxyTargetGroup'],
    [
      { property: 'IdleClientTimeout', range: rds.proxyIdleTimeout },
      { property: 'ConnectionPoolConfigurationInfo.ConnectionBorrowTimeout', range: rds.proxyBorrowTimeout },
    ],
  ),
};
