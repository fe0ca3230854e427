import { displayName } from '../../../core/model/display';
import { at } from '../../../core/model/select';
import { Reference } from '../../../core/model/values';
import { absences } from '../../each-property';
import { each, type Rule } from '../../rule';

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

export const tableStreamMissing: Rule = {
  id: 'TableStreamMissing',
  severity: 'error',
  title: 'A table whose stream is read has one',
  why: 'CloudFormation rejects the deployment: without StreamSpecification there is no StreamArn.',
  fix: 'set StreamSpecification.StreamViewType on the table',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.Lambda.html',
  check: each(['AWS::Lambda::EventSourceMapping', 'AWS::Pipes::Pipe'], function* (reader, { model }) {
    const property = reader.type === 'AWS::Pipes::Pipe' ? 'Source' : 'EventSourceArn';
    const value = at(reader, property);
    const table = value instanceof Reference && value.attribute === 'StreamArn' ? model.target(value) : undefined;
    if (!table || !TABLES.includes(table.type)) return;
    for (const when of absences(at(table, 'StreamSpecification'))) {
      yield { resource: reader, property, message: `reads the stream of ${displayName(table)}, which has none${when}` };
    }
  }),
};
