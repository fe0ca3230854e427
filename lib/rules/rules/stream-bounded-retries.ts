import { at, toNumber } from '../../core/model/select';
import { eventSource } from '../../core/facts';
import { type Rule } from '../rule';
import { streamReaders } from '../lookups/stream-readers';

/** A reader of a stream gives a record up some time. */
export const streamBoundedRetries: Rule = {
  id: 'StreamBoundedRetries',
  severity: 'error',
  title: 'A reader of a stream gives up on a record after some attempts or some time',
  why: 'By default it tries one bad record until it expires: the shard stands still for a day, and what expires behind it is lost.',
  fix: 'set MaximumRetryAttempts or MaximumRecordAgeInSeconds, with a failure destination',
  source: eventSource.streamRetries.source,
  *check({ model }) {
    for (const { reader, path } of streamReaders(model)) {
      const attempts = at(reader, `${path}MaximumRetryAttempts`);
      const age = at(reader, `${path}MaximumRecordAgeInSeconds`);
      const endless = [attempts, age].every((value) => value === undefined || toNumber(value) === -1);
      if (!endless) continue;
      yield {
        resource: reader,
        property: `${path}MaximumRetryAttempts`,
        message: 'tries a bad record until it expires',
      };
    }
  },
};
