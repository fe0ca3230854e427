import { ruleTargetId } from '../../../../lib/rules/rules/events/rule-target-id';
import { arn, describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { deliveries } from './templates';

const target = (id: unknown) => ({
  Id: id,
  Arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:x',
  DeadLetterConfig: { Arn: arn('Failures') },
});
const queueName = (queue: string) => ({ 'Fn::GetAtt': [queue, 'QueueName'] });
const targets = (...ids: unknown[]) => ({ 'OrderPlaced.Targets': ids.map(target) });

describeFaults(ruleTargetId, deliveries, [
  {
    mistake: 'two targets with one id',
    change: targets('Log', 'Other', 'Log'),
    message: 'has two targets with the id Log',
    open: targets('Log', OPEN),
  },
  {
    mistake: 'two targets with the name of one queue',
    change: targets(queueName('Failures'), 'Other', queueName('Failures')),
    message: 'has two targets with the id Shop/Failures.QueueName',
  },
  {
    mistake: 'two targets with one id in production',
    change: targets('Log', inProduction('Log', 'Other')),
    message: 'has two targets with the id Log when IsProduction',
  },
]);

describeAccepted(ruleTargetId, deliveries, [
  { accepts: 'different ids', change: targets('Log', 'Other') },
  { accepts: 'an id after a queue', change: targets(queueName('Failures'), 'Other') },
  {
    accepts: 'one id for what never exists together',
    change: {
      'OrderPlaced.Targets': [inProduction(target('Log')), inProduction({ Ref: 'AWS::NoValue' }, target('Log'))],
    },
  },
  {
    accepts: 'one id in two lists of which one is deployed',
    change: { 'OrderPlaced.Targets': inProduction([target('Log')], [target('Log'), target('Other')]) },
  },
]);
