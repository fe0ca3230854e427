import { ModelAccess } from '../../core/iam/model-access';
import { displayName } from '../../core/model/display';
import type { Model, Resource } from '../../core/model/model';
import { at, toText } from '../../core/model/select';
import { isForEverybody, namesAction, servicesOf } from './statements';

/**
 * Why a service cannot encrypt what it puts into a queue or topic, to be said after `whose`; undefined where it can, and
 * where the key is not in the model.
 * @param principal the service: `events.amazonaws.com`
 */
export function keyRefusal(model: Model, target: Resource, principal: string): string | undefined {
  const value = at(target, 'KmsMasterKeyId');
  if (/(?:^|:)alias\/aws\/(?:sqs|sns)$/.test(toText(value) ?? '')) return 'AWS-managed key admits no service';
  const key = model.target(value);
  if (key?.type !== 'AWS::KMS::Key') return undefined;
  const admitted = ModelAccess.of(model)
    .statementsAbout(key)
    .some(
      ({ statement }) =>
        statement?.Effect === 'Allow' &&
        namesAction(statement, 'kms:GenerateDataKey') &&
        (servicesOf(statement).includes(principal) || isForEverybody(statement)),
    );
  return admitted ? undefined : `key ${displayName(key)} does not admit ${principal}`;
}
