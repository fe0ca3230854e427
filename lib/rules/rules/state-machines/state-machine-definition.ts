import { type Flow, readDefinition } from '../../../core/asl/definition';
import type { Resource } from '../../../core/model/model';
import { isMap } from '../../../core/model/select';
import { machines } from '../../lookups/state-machines';
import type { Judgement, Rule } from '../../rule';

export const stateMachineDefinition: Rule = {
  id: 'StateMachineDefinition',
  severity: 'error',
  title: 'A state machine’s definition starts with, leads to and ends in states that it has',
  why: 'Step Functions rejects the deployment otherwise.',
  fix: 'correct the name in StartAt, Next or Default, and set End on the last state',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html',
  *check({ model }) {
    for (const { machine, property, definition, fault, undecided } of machines(model)) {
      if (fault) yield { resource: machine, property, message: `has a definition that ${fault}` };
      if (undecided) yield { resource: machine, property, reason: undecided };
      if (definition) yield* judge(machine, readDefinition(definition), property);
    }
  },
};

function* judge(machine: Resource, { body, place, startAt, states }: Flow, definition: string): Iterable<Judgement> {
  const property = (where: Flow['place']) => [definition, ...where].join('.');
  if (!isMap(body.States)) {
    yield { resource: machine, property: property(place), message: 'has no States' };
    return;
  }
  const all = [...states.values()];
  const links = [{ to: startAt ?? '', place: [...place, 'StartAt'] }, ...all.flatMap(({ transitions }) => transitions)];
  for (const { to, place: where } of links) {
    if (Object.hasOwn(body.States, to)) continue;
    yield {
      resource: machine,
      property: property(where),
      message: `leads to '${to}', a state that it does not have`,
      detail: property(where),
    };
  }
  for (const { name, type, body: state, place: where, end, inner } of all) {
    if (!end && type !== 'Choice' && state.Next === undefined) {
      const at = property(where);
      yield { resource: machine, property: at, message: `does not say what follows ${name}`, detail: at };
    }
    for (const flow of inner) yield* judge(machine, flow, definition);
  }
}
