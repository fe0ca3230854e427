import { ModelAccess } from '../../core/iam/model-access';
import { displayName } from '../../core/model/display';
import type { Model, Resource } from '../../core/model/model';
import { at, isUnknown } from '../../core/model/select';
import { keyNamedBy, namesKeyOfAws } from './encryption-keys';
import { isForEverybody, namesAction, servicesOf, speaksOf } from './statements';

/** Key actions that a service needs to deliver to an encrypted queue or topic. */
const NEEDED = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** Why a service cannot encrypt, worded to follow `whose`; or why that is unknown. */
export type KeyRefusal = { readonly refusal: string } | { readonly reason: string };

/**
 * Why a service cannot encrypt what it delivers to a queue or topic; undefined if it can.
 * @param principal the service: `events.amazonaws.com`
 * @param source the resource that causes the delivery: a statement for other sources does not admit it
 */
export function keyRefusal(
  model: Model,
  target: Resource,
  principal: string,
  source?: Resource,
): KeyRefusal | undefined {
  const value = at(target, 'KmsMasterKeyId');
  if (value === undefined) return undefined;
  if (namesKeyOfAws(model, target, value)) return { refusal: 'AWS-managed key admits no service' };
  const key = keyNamedBy(model, value);
  if (!key) {
    const why = isUnknown(value) ? value.reason : 'it is not part of what was read';
    return { reason: `whether the key of ${displayName(target)} admits ${principal} is unknown: ${why}` };
  }
  const statements = ModelAccess.of(model).statementsAbout(key);
  const admitted = NEEDED.every((action) =>
    statements.some(
      ({ statement }) =>
        statement?.Effect === 'Allow' &&
        namesAction(statement, action) &&
        (servicesOf(statement).includes(principal) || isForEverybody(statement)) &&
        speaksOf(model, statement, source),
    ),
  );
  if (admitted) return undefined;
  const unread = statements.find(({ statement }) => statement === undefined);
  if (unread) return { reason: unread.problem ?? `the policy of ${displayName(key)} cannot be read` };
  return { refusal: `key ${displayName(key)} does not admit ${principal}` };
}
