import type { Model, Resource } from '../../../core/model/model';
import { ModelAccess } from '../../../core/iam/model-access';
import { conditionsOf, isForEverybody } from '../../lookups/statements';
import { each, type Rule } from '../../rule';

const OF: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'AWS::S3::BucketPolicy',
  'AWS::SQS::Queue': 'AWS::SQS::QueuePolicy',
  'AWS::SNS::Topic': 'AWS::SNS::TopicPolicy',
};

export const encryptedTransport: Rule = {
  id: 'EncryptedTransport',
  severity: 'warning',
  title: 'A bucket, queue or topic refuses requests without TLS',
  why: 'Its endpoint also accepts plain HTTP: one wrong client setting sends data unencrypted.',
  fix: 'add a policy statement that denies all actions to all principals when aws:SecureTransport is false',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
  check: each(Object.keys(OF), function* (resource, { model }) {
    if (refusesPlainHttp(model, resource)) return;
    yield { resource, message: `answers requests without TLS: no ${OF[resource.type]} denies them` };
  }),
};

function refusesPlainHttp(model: Model, resource: Resource): boolean {
  return ModelAccess.of(model)
    .statementsAbout(resource)
    .some(
      ({ statement }) =>
        statement?.Effect === 'Deny' &&
        isForEverybody(statement) &&
        conditionsOf(statement).some(
          ({ operator, key, values }) =>
            operator.startsWith('Bool') && key === 'aws:securetransport' && values.includes('false'),
        ),
    );
}
