import { alarmRuleBus } from '../../../../lib/rules/rules/observability/alarm-rule-bus';
import { choreography } from '../events/choreography';
import { describeFaults, OPEN } from '../faults';

const bus = { Name: 'EventBusName', Value: { Ref: 'Bus' } };

describeFaults(alarmRuleBus, choreography, [
  {
    mistake: 'a rule by what Ref gives, as CDK’s own metrics have it',
    change: { 'RuleAlarm.Dimensions': [bus, { Name: 'RuleName', Value: { Ref: 'Placed' } }] },
    message: 'watches Shop/Placed under a name that EventBridge publishes no metrics for',
    openButFine: { 'RuleAlarm.Dimensions.1.Value': OPEN },
  },
  {
    mistake: 'a rule without its bus',
    change: { 'RuleAlarm.Dimensions': [{ Name: 'RuleName', Value: { Ref: 'Placed' } }] },
    message: 'watches Shop/Placed under a name that EventBridge publishes no metrics for',
    openButFine: { 'Placed.EventBusName': 'default' },
  },
]);
