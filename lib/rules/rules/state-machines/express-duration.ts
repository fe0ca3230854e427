import { stepFunctions } from '../../../core/facts';
import { at, toNumber, toText } from '../../../core/model/select';
import { machines } from '../../lookups/state-machines';
import type { Rule } from '../../rule';

const LIMIT = stepFunctions.expressDuration.value;
const SECONDS = ['TimeoutSeconds', 'HeartbeatSeconds', 'Seconds'];

export const expressDuration: Rule = {
  id: 'ExpressDuration',
  severity: 'error',
  title: `An Express state machine plans for at most ${LIMIT} seconds`,
  why: 'Its execution is ended after five minutes, whatever it is waiting for.',
  fix: 'make it a Standard state machine, or wait less',
  source: stepFunctions.expressDuration.source,
  *check({ model }) {
    for (const { machine, express, definition, property, states } of machines(model)) {
      if (!express || !definition) continue;
      const places = [{ body: definition, property, name: 'it' }, ...states];
      for (const { body, property: path, name } of places) {
        for (const setting of SECONDS) {
          const value = at(body, setting);
          const seconds = toNumber(value);
          if (
            seconds === undefined ||
            seconds <= LIMIT ||
            (setting === 'Seconds' && toText(at(body, 'Type')) !== 'Wait')
          )
            continue;
          const where = `${path}.${setting}`;
          yield {
            resource: machine,
            property: where,
            message: `is Express, but ${name} may take ${seconds} seconds`,
            detail: where,
          };
        }
      }
    }
  },
};
