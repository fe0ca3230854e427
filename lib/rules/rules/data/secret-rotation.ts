import { at } from '../../../core/model/select';
import { indexed } from '../../../core/model/indexed';
import { named } from '../../../core/model/references';
import { each, type Rule } from '../../rule';

export const secretRotation: Rule = {
  id: 'SecretRotation',
  severity: 'warning',
  title: 'The password of a database is rotated',
  why: 'A password that never changes is known to more and more people, logs and backups.',
  fix: 'add a rotation schedule, let RDS manage the password (ManageMasterUserPassword), or use IAM authentication',
  source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html',
  check: each(['AWS::SecretsManager::SecretTargetAttachment'], function* (attachment, { model }) {
    for (const secret of named(model, at(attachment, 'SecretId'))) {
      if (rotated(model).has(secret.id) || rotated(model).has(attachment.id)) continue;
      yield { resource: secret, message: 'is the password of a database and is never rotated' };
    }
  }),
};

const rotated = indexed(
  (model) =>
    new Set(
      model
        .ofType('AWS::SecretsManager::RotationSchedule')
        .flatMap((schedule) => named(model, at(schedule, 'SecretId')))
        .map(({ id }) => id),
    ),
);
