import { at, toNumber } from '../../../core/model/select';
import { streamReaders } from '../../lookups/stream-readers';
import { absences } from '../../each-property';
import type { Rule } from '../../rule';

export const streamFailureDestination: Rule = {
  id: 'StreamFailureDestination',
  severity: 'error',
  title: 'A reader of a stream that gives up on records has a failure destination',
  why: 'After the last attempt the record is skipped: without a destination you cannot tell which one.',
  fix: 'set DestinationConfig.OnFailure to a queue or topic, or to a bucket, which keeps the records themselves',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-errors.html',
  *check({ model }) {
    for (const { reader, path, destination } of streamReaders(model)) {
      const limits = [`${path}MaximumRetryAttempts`, `${path}MaximumRecordAgeInSeconds`].map((property) =>
        at(reader, property),
      );
      const gives = limits.some((limit) => limit !== undefined && toNumber(limit) !== -1);
      for (const when of gives ? absences(at(reader, destination)) : []) {
        const message = `skips a record after the last attempt without a trace${when}`;
        yield { resource: reader, property: destination, message };
      }
    }
  },
};
