import { ENCRYPTED, isKeyOfAws } from '../../core/iam/key-uses';
import { type Allowance, ModelAccess } from '../../core/iam/model-access';
import type { Via } from '../../core/iam/via-service';
import type { Model, Resource } from '../../core/model/model';
import { at, items } from '../../core/model/select';
import type { Value } from '../../core/model/values';

/** The key that a resource is encrypted with. */
export interface EncryptionKey {
  /** As the template names it. */
  readonly value: Value;
  /** The property that names it. */
  readonly property: string;
  /** The key, if it is part of the model. */
  readonly key?: Resource;
}

/** The customer managed key that a resource is encrypted with; undefined if it has none, or an AWS managed one. */
export function encryptionKeyOf(model: Model, resource: Resource): EncryptionKey | undefined {
  const property = ENCRYPTED[resource.type]?.keyAt;
  if (property === undefined) return undefined;
  const [list, inItems] = property.split('.*.');
  const [value] =
    inItems === undefined
      ? [at(resource, property)]
      : items(at(resource, list!)).flatMap((item) => at(item, inItems) ?? []);
  if (value === undefined || namesKeyOfAws(model, resource, value)) return undefined;
  const key = keyNamedBy(model, value);
  return { value, property: list!, ...(key && { key }) };
}

/** Whether a value names an AWS managed key, by its alias or the alias's ARN. */
export function namesKeyOfAws(model: Model, { template }: Resource, value: Value): boolean {
  return isKeyOfAws(ModelAccess.of(model).names.names.text(value, template) ?? '');
}

/** The key of the model that a value names, directly or by alias. */
export function keyNamedBy(model: Model, value: Value): Resource | undefined {
  const named = model.target(value);
  const key = named?.type === 'AWS::KMS::Alias' ? model.target(at(named, 'TargetKeyId')) : named;
  return key?.type === 'AWS::KMS::Key' ? key : undefined;
}

/** A key policy may admit everyone under conditions such as `kms:CallerAccount`: then no other permission is needed. */
export function keyAllowance(access: ModelAccess, role: Resource, action: string, key: string, via?: Via): Allowance {
  const own = access.allows(role, action, key, via);
  const [everybody] = own.verdict === 'denied' ? [access.allows('*', action, key, via)] : [];
  return everybody && everybody.verdict !== 'denied' ? everybody : own;
}
