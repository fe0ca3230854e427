import { AwsError } from '../../kernel/aws-errors';
import { type JsonObject, recordOf, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import type { SnsResult } from './forms';
import { invalid } from './message';
import { checkTags, keysIn, tagsIn } from './tags';
import type { Topic } from './topic';
import type { Topics } from './topics';

const NAME = /^[\w-]{1,256}$/;

/** Operations that create, delete and tag topics. */
export class TopicOperations {
  /** The topics of a run. */
  constructor(
    private readonly context: Pick<LocalContext, 'region' | 'account'>,
    private readonly topics: Topics,
  ) {}

  /**
   * Executes an operation.
   * @throws AwsError as SNS does
   */
  answer(operation: string, input: JsonObject): SnsResult {
    switch (operation) {
      case 'CreateTopic':
        return this.create(input);
      case 'DeleteTopic':
        this.delete(text(input.TopicArn) ?? '');
        return {};
      case 'TagResource': {
        const topic = this.tagged(input);
        topic.tags = checkTags({ ...topic.tags, ...tagsIn(input.Tags) });
        return {};
      }
      case 'UntagResource': {
        const topic = this.tagged(input);
        const gone = keysIn(input);
        topic.tags = Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !gone.includes(key)));
        return {};
      }
      default:
        return { Tags: Object.entries(this.tagged(input).tags).map(([Key, Value]) => ({ Key, Value })) };
    }
  }

  /** The ARN of the topic with a given name. */
  arnOf(name: string): string {
    return `arn:aws:sns:${this.context.region}:${this.context.account}:${name}`;
  }

  /** Returns the existing topic of the same name and settings, if any. */
  private create(input: JsonObject): SnsResult {
    const name = text(input.Name) ?? '';
    const { FifoTopic: fifo = 'false', ...settings } = Object.fromEntries(
      Object.entries(recordOf(input.Attributes)).map(([key, value]) => [key, text(value) ?? '']),
    );
    checkName(name, fifo);
    if (input.DataProtectionPolicy !== undefined) {
      throw new AwsError('LocalRunUnsupported', 'The local run does not apply a DataProtectionPolicy.', 501);
    }
    const tags = checkTags(tagsIn(input.Tags));
    const arn = this.arnOf(name);
    const known = this.topics.find(arn);
    if (known) {
      checkSame(known, settings, tags);
      return { TopicArn: arn };
    }
    this.topics.make(name, arn, settings).tags = tags;
    return { TopicArn: arn };
  }

  /** Deleting a missing topic is not an error. */
  private delete(arn: string): void {
    const elements = arn.split(':').length;
    if (elements < 6) throw invalid(`TopicArn Reason: An ARN must have at least 6 elements, not ${elements}`);
    const topic = this.topics.find(arn);
    if (!topic) return;
    const source = this.topics.sourceOf(topic);
    if (source) {
      const said = `The local run does not delete '${source.displayName}', which is a topic of a template.`;
      throw new AwsError('LocalRunUnsupported', said, 501);
    }
    this.topics.end(topic);
  }

  private tagged({ ResourceArn }: JsonObject): Topic {
    const topic = this.topics.find(text(ResourceArn) ?? '');
    if (topic) return topic;
    throw new AwsError('ResourceNotFound', 'Resource does not exist', 404);
  }
}

function checkName(name: string, fifo: string): void {
  if (!['true', 'false'].includes(fifo)) throw invalid('Attributes Reason: FifoTopic');
  const own = fifo === 'true' ? name.replace(/\.fifo$/, '') : name;
  if (fifo === 'true' && own === name) {
    throw invalid(
      'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.',
    );
  }
  if (!NAME.test(own) || name.length > 256) throw invalid('Topic Name');
}

function checkSame(known: Topic, settings: Readonly<Record<string, string>>, tags: Readonly<Record<string, string>>) {
  if (Object.entries(settings).some(([name, value]) => (known.attribute(name) ?? '') !== value)) {
    throw invalid('Attributes Reason: Topic already exists with different attributes');
  }
  const given = Object.entries(tags);
  const same =
    given.length === Object.keys(known.tags).length && given.every(([key, value]) => known.tags[key] === value);
  if (given.length > 0 && !same) throw invalid('Tags Reason: Topic already exists with different tags');
}
