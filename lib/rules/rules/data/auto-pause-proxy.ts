import { rds } from '../../../core/facts';
import { displayName } from '../../../core/model/display';
import { at, eachBranch, inWords, items, toNumber } from '../../../core/model/select';
import { named } from '../../../core/model/references';
import { each, type Rule } from '../../rule';

const CAPACITY = 'ServerlessV2ScalingConfiguration.MinCapacity';

export const autoPauseProxy: Rule = {
  id: 'AutoPauseProxy',
  severity: 'warning',
  title: 'A database that pauses when it is idle has no proxy',
  why: 'A proxy keeps connections open: the database never pauses, and you pay for it around the clock.',
  fix: 'remove the proxy, or set MinCapacity to 0.5 or more',
  source: rds.autoPauseCapacity.source,
  check: each(['AWS::RDS::DBProxyTargetGroup'], function* (group, { model }) {
    for (const cluster of items(at(group, 'DBClusterIdentifiers')).flatMap((id) => named(model, id))) {
      for (const { value, when } of eachBranch(at(cluster, CAPACITY))) {
        if (value === undefined || toNumber(value) !== rds.autoPauseCapacity.value) continue;
        yield {
          resource: group,
          property: 'DBClusterIdentifiers',
          message: `keeps ${displayName(cluster)} awake, which is set to pause${inWords(when)}`,
        };
      }
    }
  }),
};
