import { displayName } from '../../../core/model/display';
import { type Bus, flowGraph } from '../../../core/event-flow/graph';
import { at, isUnknown } from '../../../core/model/select';
import { type Rule, undecided } from '../../rule';

export const eventForwardedOnce: Rule = {
  id: 'EventForwardedOnce',
  severity: 'warning',
  title: 'Events are forwarded from bus to bus only once',
  why: 'EventBridge silently drops an event that came from one bus and would be forwarded to a third.',
  fix: 'forward events to each bus from the one they are published on',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html',
  *check({ model }) {
    const forwarding = flowGraph(model).listenings.filter(({ forwards }) => forwards.length > 0);
    for (const { rule, bus, forwards } of forwarding) {
      const name = at(rule, 'EventBusName');
      if (isUnknown(name)) {
        if (forwarding.length > 1) yield undecided(rule, 'EventBusName', name);
        continue;
      }
      const before = forwarding.find((one) => one.rule !== rule && one.forwards.includes(bus) && one.bus !== bus);
      if (before === undefined) continue;
      yield {
        resource: rule,
        property: 'Targets',
        message: `forwards events to ${forwards.map(nameOf).join(' and ')}, but not those that ${nameOf(bus)} receives from ${nameOf(before.bus)} through ${displayName(before.rule)}`,
      };
    }
  },
};

function nameOf(bus: Bus): string {
  return typeof bus === 'string' ? `the bus '${bus}'` : displayName(bus);
}
