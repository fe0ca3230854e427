import { streams } from '../../../core/facts';
import { ModelAccess } from '../../../core/iam/model-access';
import { grouped } from '../../../core/model/indexed';
import type { Model, Resource } from '../../../core/model/model';
import { named } from '../../../core/model/references';
import { at, isUnknown, toText } from '../../../core/model/select';
import { streamReaders } from '../../lookups/stream-readers';
import type { Judgement, Rule } from '../../rule';

const READS = streams.kinesisReadsPerShard.value;
const CONSUMERS = streams.kinesisConsumers.value;
const ADVANTAGE = streams.kinesisAdvantageConsumers.value;

export const kinesisStreamReaders: Rule = {
  id: 'KinesisStreamReaders',
  severity: 'warning',
  title: `A Kinesis stream has at most ${READS} readers that share its throughput, and ${CONSUMERS} with enhanced fan-out`,
  why: `A shard answers ${READS} reads a second, and each mapping, pipe or Firehose stream reads once a second or more: from the sixth on they throttle each other, and all fall behind. Kinesis refuses a consumer that is one too many.`,
  fix: 'read by consumers with enhanced fan-out, or read once and pass the records on',
  source: streams.kinesisReadsPerShard.source,
  *check({ model }) {
    const all = [
      ...streamReaders(model).flatMap(({ reader, source }) =>
        (source ? [source] : namedByArn(model, reader)).map((stream) => ({ stream, enabled: at(reader, 'Enabled') })),
      ),
      ...deliveries(model).map((stream) => ({ stream, enabled: undefined })),
    ];
    const ofStreams = all.filter(({ stream }) => stream.type === STREAM);
    for (const [id, group] of grouped(ofStreams, ({ stream }) => [stream.id])) {
      if (group.length <= READS) continue;
      const resource = model.resources.get(id)!;
      const what = `${group.length} readers that share its throughput, more than the ${READS} reads a second of a shard`;
      const open = group.map(({ enabled }) => enabled).filter(isUnknown);
      if (group.length - open.length > READS) yield { resource, message: `has ${what}`, detail: 'readers' };
      else yield { resource, property: 'readers', reason: `may have ${what}: ${open[0]!.reason}` };
    }
    yield* consumers(model);
  },
};

const STREAM = 'AWS::Kinesis::Stream';

/** The stream whose ARN a reader spells: `arn:aws:kinesis:eu-west-1:111122223333:stream/clicks`; not one read by a consumer. */
function namedByArn(model: Model, reader: Resource): readonly Resource[] {
  const access = ModelAccess.of(model);
  const value = at(reader, reader.type === 'AWS::Pipes::Pipe' ? 'Source' : 'EventSourceArn');
  const arn = access.names.names.text(value, reader.template);
  const found = arn === undefined || arn.includes('/consumer/') ? undefined : access.names.find(arn);
  return found ? [found.resource] : [];
}

/** The streams that Firehose reads, once a second from each shard as well, once for each delivery stream. */
function deliveries(model: Model): readonly Resource[] {
  return model
    .ofType('AWS::KinesisFirehose::DeliveryStream')
    .flatMap((delivery) => named(model, at(delivery, 'KinesisStreamSourceConfiguration.KinesisStreamARN')))
    .filter(({ type }) => type === STREAM);
}

function* consumers(model: Model): Iterable<Judgement> {
  const all = model
    .ofType('AWS::Kinesis::StreamConsumer')
    .flatMap((consumer) => named(model, at(consumer, 'StreamARN')));
  const byStream = new Map<Resource, number>();
  for (const stream of all) byStream.set(stream, (byStream.get(stream) ?? 0) + 1);
  for (const [stream, count] of byStream) {
    if (stream.type !== STREAM || count <= CONSUMERS) continue;
    const mode = at(stream, 'StreamModeDetails.StreamMode');
    const provisioned = mode === undefined || toText(mode) === 'PROVISIONED';
    if (provisioned || count > ADVANTAGE) {
      const limit = provisioned ? CONSUMERS : ADVANTAGE;
      yield {
        resource: stream,
        message: `has ${count} consumers with enhanced fan-out, more than ${limit}`,
        detail: 'consumers',
      };
    } else {
      const reason = `whether it may have ${count} consumers with enhanced fan-out depends on the account: ${ADVANTAGE} with On-demand Advantage, ${CONSUMERS} without`;
      yield { resource: stream, property: 'StreamModeDetails', reason };
    }
  }
}
