import { toNumber } from '../../../core/model/select';
import { at, eachState, openIn } from '../../lookups/flows';
import type { Rule } from '../../rule';

export const heartbeatWithinTimeout: Rule = {
  id: 'HeartbeatWithinTimeout',
  severity: 'error',
  title: 'HeartbeatSeconds of a task is less than its TimeoutSeconds',
  why: 'Step Functions rejects the deployment otherwise.',
  fix: 'shorten HeartbeatSeconds',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html',
  check: eachState(function* ({ name, body, place }, machine) {
    if (body.HeartbeatSeconds !== undefined && body.TimeoutSeconds !== undefined) {
      yield* openIn(machine, place, body, 'HeartbeatSeconds', 'TimeoutSeconds');
    }
    const [heartbeat, timeout] = [toNumber(body.HeartbeatSeconds), toNumber(body.TimeoutSeconds)];
    if (heartbeat === undefined || timeout === undefined || heartbeat < timeout) return;
    const message = `expects a heartbeat from ${name} every ${heartbeat} seconds, but gives up after ${timeout}`;
    yield at(machine, [...place, 'HeartbeatSeconds'], message);
  }),
};
