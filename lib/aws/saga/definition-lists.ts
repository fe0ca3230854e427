import { CLAIM, RESULTS } from './claims/claim';
import type { DefinitionParts } from './definition';
import { ITEM, lostTrack, member, type DefinitionContext } from './definition-members';
import { type Body, NAMES } from './definition-states';
import { begun, DISTRIBUTED, outerNames, withOwnNames } from './distributed';
import { inner, jsonata, outcomeOf, quote, SAME_INPUT } from './expressions';
import { EXECUTION, retriers } from './invocation';
import { LIST_TIMEOUT, MANIFEST_TIMEOUT } from './limits';
import { ITEMS_FAILED } from './outcome';
import { LIST_RETRY, MANIFEST_RETRY, type PlanNode } from './plan';
import type { JsonObject } from '../../core/record';

/** No expression of a machine can read what is in the bucket, and a long list could not travel. */
export function readByFunction(
  { name, items, maxItems }: PlanNode & { kind: 'each' },
  { parts }: DefinitionContext,
): Body {
  return {
    Type: 'Task',
    Resource: `arn:${parts.partition}:states:::lambda:invoke`,
    Arguments: {
      FunctionName: parts.lists,
      Payload: {
        key: jsonata('$key'),
        input: jsonata('$input'),
        results: jsonata('$results'),
        execution: EXECUTION,
        list: { step: name, items: inner(items), maxItems },
      },
    },
    TimeoutSeconds: LIST_TIMEOUT,
    Retry: retriers(LIST_RETRY),
    Output: { list: jsonata('$states.result.Payload') },
    End: true,
  };
}

/**
 * Each item as a separate execution. One that does not succeed fails, so that it ends up in the file of failures; all are
 * tolerated, and the files that exist decide whether the saga goes on. Until those are read, the outcome is unknown.
 */
export function distributed(
  node: PlanNode & { kind: 'each' },
  event: JsonObject,
  context: DefinitionContext,
  next: string,
): Record<string, Body> {
  const { name, concurrency } = node;
  const { plan, parts } = context;
  const [planned] = node.steps;
  const fails = {
    Type: 'Fail',
    Error: jsonata(`${outcomeOf('$states.input.')} = 'unknown' ? 'SagaStepUnknown' : 'SagaStepRefused'`),
    Cause: jsonata(`$states.input.error & ': ' & $states.input.cause`),
  };
  const manifest = `$lookup($results, ${quote(name)}).\`${RESULTS}\``;
  const bad = `($files := $parse($states.result.Body).ResultFiles; $count([$files.FAILED]) + $count([$files.PENDING]))`;
  const unknown = `$merge([$outcomes, {${quote(name)}: 'unknown'}])`;
  return {
    [NAMES.any(name)]: {
      Type: 'Choice',
      Choices: [
        {
          Condition: jsonata(`$lookup($items, ${quote(name)}).count = 0`),
          Assign: {
            results: jsonata(`$merge([$results, {${quote(name)}: []}])`),
            outcomes: jsonata(`$merge([$outcomes, {${quote(name)}: 'skipped'}])`),
          },
          Next: next,
        },
      ],
      Default: NAMES.each(name),
    },
    [NAMES.each(name)]: {
      Type: 'Map',
      ItemReader: listReader(parts, claimOfList(name)),
      ItemSelector: { ...ITEM, ...outerNames(plan) },
      MaxConcurrency: concurrency,
      ToleratedFailurePercentage: 100,
      ItemProcessor: {
        ProcessorConfig: DISTRIBUTED,
        StartAt: NAMES.begun(name),
        States: {
          [NAMES.begun(name)]: begun(name, plan),
          ...withOwnNames(member(planned, `'index': $states.input.index`, event, context, fails)),
        },
      },
      ResultWriter: {
        Resource: `arn:${parts.partition}:states:::s3:putObject`,
        WriterConfig: { Transformation: 'COMPACT', OutputType: 'JSON' },
        Arguments: { Bucket: parts.claims, Prefix: jsonata(`${quote(`${name}/`)} & $states.context.Execution.Name`) },
      },
      Assign: {
        results: jsonata(
          `$merge([$results, {${quote(name)}: {'${RESULTS}': $states.result.ResultWriterDetails.Key}}])`,
        ),
        outcomes: jsonata(unknown),
      },
      Output: SAME_INPUT,
      Catch: lostTrack(node, `{${quote(name)}: 'unknown'}`),
      Next: NAMES.written(name),
    },
    [NAMES.written(name)]: {
      Type: 'Task',
      Resource: `arn:${parts.partition}:states:::aws-sdk:s3:getObject`,
      Arguments: { Bucket: parts.claims, Key: jsonata(manifest) },
      TimeoutSeconds: MANIFEST_TIMEOUT,
      Retry: retriers(MANIFEST_RETRY),
      Assign: {
        outcomes: jsonata(`${bad} = 0 ? $merge([$outcomes, {${quote(name)}: 'completed'}]) : $outcomes`),
        failed: jsonata(
          `${bad} = 0 ? {} : {'step': ${quote(name)}, 'error': '${ITEMS_FAILED}', 'cause': 'see ' & ${manifest}, 'wait': ${planned.action.settle}}`,
        ),
      },
      Output: SAME_INPUT,
      Catch: lostTrack(node, `{${quote(name)}: 'unknown'}`),
      Next: NAMES.judged(name),
    },
  };
}

/** How a distributed map reads a list stored in the bucket. */
export function listReader({ partition, claims }: DefinitionParts, key: string): JsonObject {
  return {
    Resource: `arn:${partition}:states:::s3:getObject`,
    ReaderConfig: { InputType: 'JSON' },
    Arguments: { Bucket: claims, Key: jsonata(key) },
  };
}

/** JSONata for a list's key. */
export function claimOfList(name: string): string {
  return `$lookup($items, ${quote(name)}).\`${CLAIM}\``;
}
