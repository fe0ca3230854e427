import { at, eachBranch, inWords, isUnknown, toText } from '../../../core/model/select';
import { streamReaders } from '../../lookups/stream-readers';
import { type Rule, undecided } from '../../rule';

export const tableStreamPosition: Rule = {
  id: 'TableStreamPosition',
  severity: 'warning',
  title: 'A reader of a table’s stream starts at its oldest record',
  why: 'While a mapping is created or changed, which takes minutes, LATEST skips what is written: those changes are lost.',
  fix: 'set StartingPosition to TRIM_HORIZON, and make the handler tolerate records it has seen before',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html',
  *check({ model }) {
    for (const { reader, path, source } of streamReaders(model)) {
      if (!source?.type.startsWith('AWS::DynamoDB::')) continue;
      const property = `${path}StartingPosition`;
      for (const { value, when } of eachBranch(at(reader, property))) {
        if (isUnknown(value)) yield undecided(reader, property, value);
        else if (toText(value) === 'LATEST')
          yield { resource: reader, property, message: `begins at LATEST${inWords(when)}` };
      }
    }
  },
};
