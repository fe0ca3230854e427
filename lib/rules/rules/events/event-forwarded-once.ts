import { displayName } from '../../../core/model/display';
import { type Bus, flowGraph } from '../../../core/event-flow/graph';
import { at, isUnknown } from '../../../core/model/select';
import { type Rule, undecided } from '../../rule';

/** A bus does not pass on what another bus sent it. */
export const eventForwardedOnce: Rule = {
  id: 'EventForwardedOnce',
  severity: 'warning',
  title: 'Events are passed on from bus to bus once',
  why: 'EventBridge silently drops an event that came from one bus and would be passed on to a third.',
  fix: 'pass events on to each bus from the one on which they are published',
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
        message: `passes events on to ${forwards.map(nameOf).join(' and ')}, but not those that ${nameOf(bus)} gets from ${nameOf(before.bus)} by ${displayName(before.rule)}`,
      };
    }
  },
};

function nameOf(bus: Bus): string {
  return typeof bus === 'string' ? `the bus '${bus}'` : displayName(bus);
}
