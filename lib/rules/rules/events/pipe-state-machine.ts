import { ModelAccess } from '../../../core/iam/model-access';
import { displayName } from '../../../core/model/display';
import { at, inWords, isUnknown, items, together, toText } from '../../../core/model/select';
import { each, type Judgement, type Rule } from '../../rule';
import type { Model, Resource } from '../../../core/model/model';
import type { Value } from '../../../core/model/values';

export const pipeStateMachine: Rule = {
  id: 'PipeStateMachine',
  severity: 'error',
  title: 'A pipe waits for Express workflows only',
  why: 'A Standard workflow cannot be called synchronously: as an enrichment, or without FIRE_AND_FORGET, EventBridge rejects the pipe.',
  fix: 'set TargetParameters.StepFunctionStateMachineParameters.InvocationType to FIRE_AND_FORGET, or use an Express workflow',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetStateMachineParameters.html',
  check: each(['AWS::Pipes::Pipe'], function* (pipe, { model }) {
    yield* judge(model, pipe, 'Target', INVOCATION);
    yield* judge(model, pipe, 'Enrichment');
  }),
};

const INVOCATION = 'TargetParameters.StepFunctionStateMachineParameters.InvocationType';

function* judge(model: Model, pipe: Resource, property: string, invocation?: string): Iterable<Judgement> {
  const machine = machineNamed(model, pipe, at(pipe, property));
  if (!machine) return;
  const settings = together({
    type: at(machine, 'StateMachineType'),
    how: invocation === undefined ? undefined : at(pipe, invocation),
  });
  for (const { values, when } of settings) {
    const place = { resource: pipe, property, detail: property };
    const open = [values.type, values.how].find(isUnknown);
    if (toText(values.type) === 'EXPRESS' || toText(values.how) === 'FIRE_AND_FORGET') continue;
    if (open) yield { ...place, reason: open.reason };
    else yield { ...place, message: `waits for ${displayName(machine)}, a Standard workflow${inWords(when)}` };
  }
}

/** The state machine that a value names, by reference or spelled out, also through a version or an alias. */
function machineNamed(model: Model, { template }: Resource, value: Value | undefined): Resource | undefined {
  const { names } = ModelAccess.of(model);
  const found = model.target(value) ?? names.find(names.names.text(value, template) ?? '')?.resource;
  switch (found?.type) {
    case 'AWS::StepFunctions::StateMachine':
      return found;
    case 'AWS::StepFunctions::StateMachineVersion':
      return machineNamed(model, found, at(found, 'StateMachineArn'));
    case 'AWS::StepFunctions::StateMachineAlias': {
      const [route] = items(at(found, 'RoutingConfiguration'));
      const version = at(route, 'StateMachineVersionArn') ?? at(found, 'DeploymentPreference.StateMachineVersionArn');
      return machineNamed(model, found, version);
    }
    default:
      return undefined;
  }
}
