import { at, inWords, toNumber, together } from '../../../core/model/select';
import { eventSource } from '../../../core/facts';
import { whyOpen } from '../../each-property';
import type { Rule } from '../../rule';
import { streamReaders } from '../../lookups/stream-readers';

export const streamBoundedRetries: Rule = {
  id: 'StreamBoundedRetries',
  severity: 'error',
  title: 'A reader of a stream gives up on a record after some attempts or some time',
  why: 'By default it retries a bad record until it expires: the shard is blocked for a day, and records that expire behind it are lost.',
  fix: 'set MaximumRetryAttempts or MaximumRecordAgeInSeconds, with a failure destination',
  source: eventSource.streamRetries.source,
  *check({ model }) {
    for (const { reader, path } of streamReaders(model)) {
      const property = `${path}MaximumRetryAttempts`;
      const limits = together({ attempts: at(reader, property), age: at(reader, `${path}MaximumRecordAgeInSeconds`) });
      for (const { values, when } of limits) {
        const open = [values.attempts, values.age].filter((value) => value !== undefined && toNumber(value) !== -1);
        if (open.length === 0) {
          yield { resource: reader, property, message: `tries a bad record until it expires${inWords(when)}` };
        } else if (open.every((value) => toNumber(value) === undefined)) {
          yield { resource: reader, property, reason: whyOpen(...open) };
        }
      }
    }
  },
};
