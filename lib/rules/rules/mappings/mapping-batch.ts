import { eventSource } from '../../../core/facts';
import { at, inWords, toBoolean, toNumber, together } from '../../../core/model/select';
import { whyOpen } from '../../each-property';
import { named } from '../../../core/model/references';
import { each, openAmong, type Rule } from '../../rule';

const WITHOUT_WINDOW = eventSource.queueBatchWithoutWindow.value;

export const mappingBatch: Rule = {
  id: 'MappingBatch',
  severity: 'error',
  title: `A batch of more than ${WITHOUT_WINDOW} messages has a window, and its queue is not FIFO`,
  why: 'Lambda rejects the deployment otherwise.',
  fix: 'set MaximumBatchingWindowInSeconds to at least 1, or BatchSize to at most 10',
  source: eventSource.queueBatch.source,
  check: each(['AWS::Lambda::EventSourceMapping'], function* (mapping, { model }) {
    const queue = named(model, at(mapping, 'EventSourceArn')).find(({ type }) => type === 'AWS::SQS::Queue');
    if (!queue) return;
    const open = openAmong(queue, 'FifoQueue');
    if (open) {
      yield { resource: mapping, property: 'EventSourceArn', reason: open.reason };
      return;
    }
    const fifo = toBoolean(at(queue, 'FifoQueue')) ?? false;
    const settings = together({
      size: at(mapping, 'BatchSize'),
      window: at(mapping, 'MaximumBatchingWindowInSeconds'),
    });
    for (const { values, when } of settings) {
      const size = values.size === undefined ? WITHOUT_WINDOW : toNumber(values.size);
      const window = values.window === undefined ? 0 : toNumber(values.window);
      if (size === undefined || window === undefined) {
        yield { resource: mapping, property: 'BatchSize', reason: whyOpen(values.size, values.window) };
        continue;
      }
      const words = inWords(when);
      if (fifo && window > 0) {
        yield {
          resource: mapping,
          property: 'MaximumBatchingWindowInSeconds',
          message: `has a window of ${window} seconds on a FIFO queue, which supports none${words}`,
          remedy: 'leave MaximumBatchingWindowInSeconds out',
        };
      } else if (size > WITHOUT_WINDOW && (fifo || window < 1)) {
        const why = fifo ? 'from a FIFO queue' : 'without a window';
        yield {
          resource: mapping,
          property: 'BatchSize',
          message: `asks for batches of ${size} ${why}, where ${WITHOUT_WINDOW} is the maximum${words}`,
          ...(fifo ? { remedy: `set BatchSize to at most ${WITHOUT_WINDOW}` } : {}),
        };
      }
    }
  }),
};
