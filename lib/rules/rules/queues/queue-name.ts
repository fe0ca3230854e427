import { sns, sqs } from '../../../core/facts';
import { at, eachBranch, inWords } from '../../../core/model/select';
import { Text, type Value } from '../../../core/model/values';
import { each, type Rule } from '../../rule';

const LONGEST: Readonly<Record<string, number>> = {
  Queue: sqs.queueNameLength.value,
  Topic: sns.topicNameLength.value,
};

export const queueName: Rule = {
  id: 'QueueName',
  severity: 'error',
  title: `The name of a queue has at most ${LONGEST.Queue} letters, digits, hyphens and underscores, that of a topic ${LONGEST.Topic}`,
  why: 'The deployment is rejected otherwise, and no schema check catches it first.',
  fix: 'write the name with letters, digits, hyphens and underscores',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html',
  check: each(['AWS::SQS::Queue', 'AWS::SNS::Topic'], function* (resource) {
    const kind = resource.type === 'AWS::SQS::Queue' ? 'Queue' : 'Topic';
    const property = `${kind}Name`;
    for (const { value, when } of eachBranch(at(resource, property))) {
      // What a parameter or stage inserts into a name is not the template's mistake.
      const text = written(value);
      const fault = !/^[\w-]*(\.fifo)?$/.test(text)
        ? `has the name '${text}', with characters that are not allowed`
        : text.length > LONGEST[kind]!
          ? `has a name of ${text.length} characters, more than ${LONGEST[kind]}`
          : undefined;
      if (fault !== undefined) yield { resource, property, message: `${fault}${inWords(when)}` };
    }
  }),
};

/** The parts of a name that are known. */
function written(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  return value instanceof Text ? value.parts.filter((part) => typeof part === 'string').join('') : '';
}
