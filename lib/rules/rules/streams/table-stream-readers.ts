import { streams } from '../../../core/facts';
import type { Resource } from '../../../core/model/model';
import { at, items } from '../../../core/model/select';
import { grouped } from '../../../core/model/indexed';
import { streamReaders } from '../../lookups/stream-readers';
import type { Rule } from '../../rule';

export const tableStreamReaders: Rule = {
  id: 'TableStreamReaders',
  severity: 'warning',
  title: `A table’s stream has at most ${streams.tableStreamReaders.value} readers, a global table’s ${streams.globalTableStreamReaders.value}`,
  why: 'A shard serves two readers; a third is throttled, and all of them fall behind. Replication of a global table is one.',
  fix: 'read once and fan out (a topic, a bus), or send the changes to a Kinesis stream',
  source: streams.tableStreamReaders.source,
  *check({ model }) {
    const readers = streamReaders(model).filter(({ source }) => source?.type.startsWith('AWS::DynamoDB::'));
    for (const [id, group] of grouped(readers, ({ source }) => [source!.id])) {
      const table = model.resources.get(id)!;
      const limit = limitOf(table);
      if (group.length <= limit) continue;
      yield {
        resource: table,
        property: 'StreamSpecification',
        message: `has ${group.length} readers on its stream, more than ${limit}`,
      };
    }
  },
};

function limitOf(table: Resource): number {
  const replicas = items(at(table, 'Replicas')).length;
  return (replicas > 1 ? streams.globalTableStreamReaders : streams.tableStreamReaders).value;
}
