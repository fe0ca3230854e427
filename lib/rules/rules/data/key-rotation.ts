import { at, inWords, toText } from '../../../core/model/select';
import { booleans, each, openAmong, type Rule } from '../../rule';

export const keyRotation: Rule = {
  id: 'KeyRotation',
  severity: 'warning',
  title: 'A key is rotated every year',
  why: 'A key that never changes encrypts more and more, and one leak exposes all of it.',
  fix: 'set EnableKeyRotation to true',
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html',
  check: each(['AWS::KMS::Key'], function* (key) {
    const property = 'EnableKeyRotation';
    const { values, unknown } = booleans(key, property, false);
    yield* unknown;
    for (const { value: rotated, when } of values) {
      if (rotated) continue;
      const open = openAmong(key, 'KeySpec', 'Origin');
      const symmetric = ['SYMMETRIC_DEFAULT', undefined].includes(toText(at(key, 'KeySpec')));
      const own = ['AWS_KMS', undefined].includes(toText(at(key, 'Origin')));
      if (open) yield open;
      else if (symmetric && own) yield { resource: key, property, message: `is never rotated${inWords(when)}` };
    }
  }),
};
