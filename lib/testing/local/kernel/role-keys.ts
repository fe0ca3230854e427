import { ENCRYPTED_BY_ROLE, isKeyOfAws } from '../../../core/iam/key-uses';
import { AwsError } from './aws-errors';
import type { Caller } from './caller';
import type { Deployed } from './deployment';
import { judgeKeyUse, type KeyDenial, keyNamed, textAt } from './encryption-key';
import { messageOf } from './errors';
import type { LocalContext } from './service';

const DENIAL: KeyDenial = { code: 'KMSAccessDeniedException', status: 400 };

/** An encrypted resource, from the templates or created by a handler. */
export type Keyed = Pick<Deployed, 'type' | 'arn' | 'properties'>;

/**
 * Judges whether the role of a resource may use the resource's key.
 * @throws AwsError when it may not, or when AWS's pages do not say enough
 */
export function judgeRoleKey(context: LocalContext, one: Keyed, role: Caller, denial: KeyDenial = DENIAL): void {
  const use = ENCRYPTED_BY_ROLE[one.type];
  const key = use && textAt(one.properties, use.keyAt, context.region);
  if (!use || key === undefined) return;
  const judge = (name: string) => {
    const { actions, service, of } = use;
    const encryptionContext = { [name]: one.arn };
    judgeKeyUse(context, { key, actions, service, of, encryptionContext }, role, denial, 'platform');
  };
  try {
    judge(use.context);
  } catch (error) {
    if (use.otherContext === undefined || !passes(() => judge(use.otherContext!))) throw error;
    const names = `'${use.context}' and '${use.otherContext}'`;
    const message = `whether ${role.arn} may use the key of the ${use.of} cannot be judged: AWS's documentation names its encryption context both ${names}`;
    throw new AwsError(denial.code, message, denial.status);
  }
}

/** Why the role of a resource may not use the resource's key; undefined if it may. */
export function roleKeyRefusal(context: LocalContext, one: Keyed, role: Caller): string | undefined {
  try {
    judgeRoleKey(context, one, role);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** The key of a resource if it is the customer's but in no template. */
export function foreignKey({ deployment }: LocalContext, given: string | undefined): string | undefined {
  return given === undefined || isKeyOfAws(given) || keyNamed(deployment, given) ? undefined : given;
}

function passes(judge: () => void): boolean {
  try {
    judge();
    return true;
  } catch {
    return false;
  }
}
