import { rds, within } from '../../../core/facts';
import { at, inWords, toNumber, together } from '../../../core/model/select';
import { whyOpen } from '../../each-property';
import { each, type Rule } from '../../rule';

const POOL = 'ConnectionPoolConfigurationInfo';
const { min, max } = rds.proxyMaxConnections.value;
const MOST = `${POOL}.MaxConnectionsPercent`;
const IDLE = `${POOL}.MaxIdleConnectionsPercent`;

export const proxyConnections: Rule = {
  id: 'ProxyConnections',
  severity: 'error',
  title: 'A database proxy’s pool is a share of the database’s connections',
  why: 'RDS rejects the deployment otherwise.',
  fix: `set MaxConnectionsPercent to ${min} to ${max}, and MaxIdleConnectionsPercent to no more than that`,
  source: rds.proxyMaxConnections.source,
  check: each(['AWS::RDS::DBProxyTargetGroup'], function* (group) {
    for (const { values, when } of together({ most: at(group, MOST), idle: at(group, IDLE) })) {
      const most = values.most === undefined ? max : toNumber(values.most);
      const idle = values.idle === undefined ? 0 : toNumber(values.idle);
      if (most === undefined || idle === undefined) {
        yield { resource: group, property: MOST, reason: whyOpen(values.most, values.idle) };
      } else if (!within({ min, max }, most)) {
        yield { resource: group, property: MOST, message: `asks for ${most} % of the connections${inWords(when)}` };
      } else if (idle < 0 || idle > most) {
        yield {
          resource: group,
          property: IDLE,
          message: `keeps ${idle} % of the connections idle, of at most ${most} %${inWords(when)}`,
        };
      }
    }
  }),
};
