import { displayName } from '../../../core/model/display';
import { at, inWords, isUnknown, together, toText } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

export const scheduleBus: Rule = {
  id: 'ScheduleBus',
  severity: 'error',
  title: 'A rule with a schedule is on the default event bus',
  why: 'EventBridge rejects the deployment otherwise: only the default bus has schedules.',
  fix: 'leave out EventBusName, or use a schedule of EventBridge Scheduler that puts an event on the bus',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html',
  check: each(['AWS::Events::Rule'], function* (rule, { model }) {
    const settings = { schedule: at(rule, 'ScheduleExpression'), bus: at(rule, 'EventBusName') };
    for (const { values, when } of together(settings)) {
      if (values.schedule === undefined || values.bus === undefined) continue;
      const bus = model.target(values.bus);
      const name = bus ? displayName(bus) : toText(values.bus);
      if (!bus && name !== undefined && /(?:^|\/)default$/.test(name)) continue;
      if (name !== undefined) {
        const message = `has a schedule on the event bus ${name}${inWords(when)}`;
        yield { resource: rule, property: 'EventBusName', message };
      } else {
        const why = isUnknown(values.bus) ? values.bus.reason : 'it is not part of what was read';
        yield {
          resource: rule,
          property: 'EventBusName',
          reason: `whether its bus is the default one is unknown: ${why}`,
        };
      }
    }
  }),
};
