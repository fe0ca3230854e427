import type { Construct } from 'constructs';
import { inTheNameOf } from '../../core/errors';
import { Alarms } from './alarms';
import type { AlarmsProps } from './props';

/** The alarms of a pattern, whose users write their topic as `alarmTopic`. */
export function patternAlarms(scope: Construct, props: AlarmsProps): Alarms {
  return inTheNameOf(
    scope.node.path,
    () => new Alarms(scope, 'Alarms', props),
    (prop) => (prop === 'topic' ? 'alarmTopic' : prop),
  );
}
