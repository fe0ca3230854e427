import { at, toBoolean, toText } from '../../../core/model/select';
import { each, openAmong, type Rule } from '../../rule';

const FIFO_ONLY = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

export const fifoSettings: Rule = {
  id: 'FifoSettings',
  severity: 'error',
  title: 'The settings of a FIFO queue or topic go together',
  why: 'The deployment is rejected otherwise.',
  fix: 'end the name in .fifo where FifoQueue or FifoTopic is set, and set FIFO options only there',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html',
  check: each(['AWS::SQS::Queue', 'AWS::SNS::Topic'], function* (resource) {
    const kind = resource.type === 'AWS::SQS::Queue' ? 'Queue' : 'Topic';
    const open = openAmong(resource, `Fifo${kind}`);
    if (open) {
      yield open;
      return;
    }
    const fifo = toBoolean(at(resource, `Fifo${kind}`)) ?? false;
    const name = toText(at(resource, `${kind}Name`));
    if (name !== undefined && name.endsWith('.fifo') !== fifo) {
      const message = fifo
        ? `is a FIFO ${kind.toLowerCase()} named '${name}', which does not end in .fifo`
        : `is named '${name}' but is not a FIFO ${kind.toLowerCase()}`;
      yield { resource, property: `${kind}Name`, message, detail: 'name' };
    }
    for (const option of fifo ? [] : FIFO_ONLY) {
      const value = at(resource, option);
      if (value === undefined || toBoolean(value) === false) continue;
      yield {
        resource,
        property: option,
        message: `sets ${option} but is not a FIFO ${kind.toLowerCase()}`,
        detail: option,
      };
    }
    const perGroup = toText(at(resource, 'FifoThroughputLimit')) === 'perMessageGroupId';
    const scope = perGroup ? openAmong(resource, 'DeduplicationScope') : undefined;
    if (fifo && scope) yield scope;
    else if (fifo && perGroup && toText(at(resource, 'DeduplicationScope')) !== 'messageGroup') {
      yield {
        resource,
        property: 'DeduplicationScope',
        message: 'has a throughput limit per message group, but deduplicates over the whole queue',
        remedy: 'set DeduplicationScope to messageGroup',
        detail: 'scope',
      };
    }
  }),
};
