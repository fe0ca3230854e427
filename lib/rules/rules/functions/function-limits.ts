import { lambda } from '../../../core/facts';
import { at, isList } from '../../../core/model/select';
import { outside } from '../../limits';
import { each, type Rule } from '../../rule';

const LAYERS = lambda.layersPerFunction.value;

export const functionLimits: Rule = {
  id: 'FunctionLimits',
  severity: 'error',
  title: `The /tmp, layers, retries and durable executions of a function keep to Lambda’s limits`,
  why: 'Lambda rejects the deployment otherwise.',
  fix: 'set a value in the range',
  source: lambda.ephemeralStorage.source,
  check: each(['AWS::Lambda::Function', 'AWS::Lambda::EventInvokeConfig'], function* (resource) {
    yield* outside(resource, [
      { property: 'EphemeralStorage.Size', range: lambda.ephemeralStorage },
      { property: 'DurableConfig.ExecutionTimeout', range: lambda.durableExecutionTimeout },
      { property: 'DurableConfig.RetentionPeriodInDays', range: lambda.durableRetention },
      { property: 'MaximumRetryAttempts', range: lambda.asynchronousRetries },
    ]);
    const layers = at(resource, 'Layers');
    if (!isList(layers) || layers.length <= LAYERS) return;
    yield {
      resource,
      property: 'Layers',
      message: `has ${layers.length} layers, more than ${LAYERS}`,
      detail: 'Layers',
    };
  }),
};
