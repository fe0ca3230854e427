import { at } from '../../../core/model/select';
import { machines } from '../../lookups/state-machines';
import type { Rule } from '../../rule';

const LIMITS = ['HeartbeatSeconds', 'HeartbeatSecondsPath', 'TimeoutSeconds', 'TimeoutSecondsPath'];

export const callbackHeartbeat: Rule = {
  id: 'CallbackHeartbeat',
  severity: 'warning',
  title: 'A task that waits for a task token or an activity has a heartbeat or a timeout',
  why: 'When the other side dies or drops the token, the execution hangs for up to a year, and nobody notices.',
  fix: 'set HeartbeatSeconds or TimeoutSeconds, and catch States.Timeout',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/sfn-stuck-execution.html',
  *check({ model }) {
    for (const { machine, states } of machines(model)) {
      for (const { name, property, body, call } of states) {
        const waits = call?.pattern === 'token' || call?.activity;
        if (!waits || LIMITS.some((limit) => at(body, limit) !== undefined)) continue;
        yield { resource: machine, property, message: `has ${name} wait for an answer without a limit`, detail: name };
      }
    }
  },
};
