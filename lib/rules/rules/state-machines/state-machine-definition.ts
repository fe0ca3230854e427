import type { Resource } from '../../../core/model/model';
import { at, isList, isMap, toText } from '../../../core/model/select';
import type { ValueMap } from '../../../core/model/values';
import { inner, machines } from '../../lookups/state-machines';
import type { Judgement, Rule } from '../../rule';

/** A definition is well-formed: its states are there, and one of them ends it. */
export const stateMachineDefinition: Rule = {
  id: 'StateMachineDefinition',
  severity: 'error',
  title: 'The definition of a state machine starts at, leads to and ends with states that it has',
  why: 'Step Functions rejects the deployment otherwise.',
  fix: 'correct the name in StartAt, Next or Default, and set End on the last state',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html',
  *check({ model }) {
    for (const { machine, property, definition, fault, undecided } of machines(model)) {
      if (fault) yield { resource: machine, property, message: `has a definition that ${fault}` };
      if (undecided) yield { resource: machine, property, reason: undecided };
      if (definition) yield* judge(machine, definition, property);
    }
  },
};

const ENDS = ['Succeed', 'Fail'];

function* judge(machine: Resource, container: ValueMap, path: string): Iterable<Judgement> {
  const states = at(container, 'States');
  if (!isMap(states)) {
    yield { resource: machine, property: path, message: 'has no States' };
    return;
  }
  const bodies = Object.entries(states).filter((entry): entry is [string, ValueMap] => isMap(entry[1]));
  const links = [
    { property: `${path}.StartAt`, target: toText(at(container, 'StartAt')) ?? '' },
    ...bodies.flatMap(([name, body]) => linksOf(body, `${path}.States.${name}`)),
  ];
  for (const { property, target } of links) {
    if (Object.hasOwn(states, target)) continue;
    yield {
      resource: machine,
      property,
      message: `leads to '${target}', a state that it does not have`,
      detail: property,
    };
  }
  for (const [name, body] of bodies) {
    const type = toText(at(body, 'Type')) ?? '';
    const goesOn =
      at(body, 'Next') !== undefined || at(body, 'End') === true || ENDS.includes(type) || type === 'Choice';
    const property = `${path}.States.${name}`;
    if (!goesOn) yield { resource: machine, property, message: `does not say what follows ${name}`, detail: property };
    for (const [nested, where] of inner(body, property)) yield* judge(machine, nested, where);
  }
}

function linksOf(body: ValueMap, path: string): { property: string; target: string }[] {
  const lists = ['Catch', 'Choices'].flatMap((name) => {
    const list = at(body, name);
    return (isList(list) ? list : []).map((item, index) => ({
      property: `${path}.${name}.${index}.Next`,
      value: at(item, 'Next'),
    }));
  });
  const own = ['Next', 'Default'].map((name) => ({ property: `${path}.${name}`, value: at(body, name) }));
  return [...own, ...lists].flatMap(({ property, value }) =>
    typeof value === 'string' ? [{ property, target: value }] : [],
  );
}
