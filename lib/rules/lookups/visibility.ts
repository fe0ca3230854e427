import { lambda, sqs } from '../../core/facts';
import { displayName } from '../../core/model/display';
import type { Model } from '../../core/model/model';
import { at, inWords, toNumber, together } from '../../core/model/select';
import { whyOpen } from '../each-property';
import type { Judgement } from '../rule';
import { functionsNamed, mappingsFrom } from './functions';

/** The timing of a queue and one of its consumers, in seconds. */
export interface Timing {
  /** Visibility timeout of the queue. */
  readonly visibility: number;
  readonly timeout: number;
  /** Batching window of the mapping. */
  readonly window: number;
}

/**
 * Compares every queue's timing with that of each of its functions, in every branch.
 * @param fault the fault, to be followed by the function's name; undefined if the timing is fine
 */
export function* visibilityFaults(model: Model, fault: (timing: Timing) => string | undefined): Iterable<Judgement> {
  for (const queue of model.ofType('AWS::SQS::Queue')) {
    for (const mapping of mappingsFrom(model, queue)) {
      for (const { function: fn } of functionsNamed(model, at(mapping, 'FunctionName'))) {
        const settings = together({
          visibility: at(queue, 'VisibilityTimeout') ?? sqs.defaultVisibilityTimeout.value,
          timeout: at(fn, 'Timeout') ?? lambda.defaultTimeout.value,
          window: at(mapping, 'MaximumBatchingWindowInSeconds') ?? 0,
        });
        for (const { values, when } of settings) {
          const visibility = toNumber(values.visibility ?? sqs.defaultVisibilityTimeout.value);
          const timeout = toNumber(values.timeout ?? lambda.defaultTimeout.value);
          const window = toNumber(values.window ?? 0);
          const property = 'VisibilityTimeout';
          if (visibility === undefined || timeout === undefined || window === undefined) {
            yield { resource: queue, property, reason: whyOpen(...Object.values(values)) };
            continue;
          }
          const message = fault({ visibility, timeout, window });
          if (message === undefined) continue;
          const name = displayName(fn);
          yield { resource: queue, property, message: `${message} ${name}${inWords(when)}`, detail: name };
        }
      }
    }
  }
}
