import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { at, items } from '../../../core/model/select';
import { handlerCode } from '../../lookups/function-code';
import { functionsNamed } from '../../lookups/functions';
import { each, type Rule } from '../../rule';

const ASKED = 'ReportBatchItemFailures';

export const mappingFailuresReported: Rule = {
  id: 'MappingFailuresReported',
  severity: 'error',
  title: 'A mapping whose function returns batchItemFailures reports them',
  why: 'Otherwise Lambda ignores the response: all records count as done, and the failed ones are lost.',
  fix: `set FunctionResponseTypes to ${ASKED}`,
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html',
  check: each(['AWS::Lambda::EventSourceMapping'], function* (mapping, { model }) {
    const types = at(mapping, 'FunctionResponseTypes');
    if (types !== undefined && (items(types).length === 0 || asks(mapping))) return;
    for (const { function: fn } of functionsNamed(model, at(mapping, 'FunctionName'))) {
      const code = handlerCode(model, fn);
      if (code === undefined || !code.includes('batchItemFailures') || isShared(model, code)) continue;
      const message = `ignores the batchItemFailures that ${displayName(fn)} returns`;
      yield { resource: mapping, property: 'FunctionResponseTypes', message };
    }
  }),
};

function asks(mapping: Resource): boolean {
  return items(at(mapping, 'FunctionResponseTypes')).some((type) => type === ASKED);
}

/**
 * Whether the same code serves another mapping that reports failures: it then has several handlers, and which belongs
 * to which is unclear.
 */
function isShared(model: Model, code: string): boolean {
  return model
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter(asks)
    .some((other) =>
      functionsNamed(model, at(other, 'FunctionName')).some(({ function: fn }) => handlerCode(model, fn) === code),
    );
}
