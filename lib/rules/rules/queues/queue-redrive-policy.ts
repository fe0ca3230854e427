import { at, eachBranch, inWords, isMap, isUnknown } from '../../../core/model/select';
import { each, type Rule, undecided } from '../../rule';

export const queueRedrivePolicy: Rule = {
  id: 'QueueRedrivePolicy',
  severity: 'error',
  title: 'A redrive policy names a dead-letter queue and a receive count',
  why: 'SQS rejects the deployment otherwise, and no schema check catches it first.',
  fix: 'set RedrivePolicy.deadLetterTargetArn and RedrivePolicy.maxReceiveCount, in this spelling',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html',
  check: each(['AWS::SQS::Queue'], function* (queue) {
    for (const { value, when } of eachBranch(at(queue, 'RedrivePolicy'))) {
      if (isUnknown(value)) yield undecided(queue, 'RedrivePolicy', value);
      if (!isMap(value)) continue;
      for (const name of ['deadLetterTargetArn', 'maxReceiveCount']) {
        if (Object.hasOwn(value, name)) continue;
        const message = `has a redrive policy without ${name}${inWords(when)}`;
        yield { resource: queue, property: 'RedrivePolicy', message, detail: name };
      }
    }
  }),
};
