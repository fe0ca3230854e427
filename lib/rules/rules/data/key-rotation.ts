import { at, toText } from '../../../core/model/select';
import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

/** A key is rotated. */
export const keyRotation: Rule = {
  id: 'KeyRotation',
  severity: 'warning',
  title: 'A key is rotated every year',
  why: 'A key that never changes encrypts more and more, and whoever learns it once has it all.',
  fix: 'set EnableKeyRotation to true',
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html',
  check: eachProperty(
    ['AWS::KMS::Key'],
    'EnableKeyRotation',
    (key, property) => booleans(key, property, false),
    (rotated, key) => {
      const symmetric = ['SYMMETRIC_DEFAULT', undefined].includes(toText(at(key, 'KeySpec')));
      const own = ['AWS_KMS', undefined].includes(toText(at(key, 'Origin')));
      return rotated || !symmetric || !own ? undefined : 'is never rotated';
    },
  ),
};
