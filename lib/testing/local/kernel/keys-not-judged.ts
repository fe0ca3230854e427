import { ENCRYPTED, ENCRYPTED_BY_ROLE, ENCRYPTED_BY_SERVICE, KEYS_NOT_JUDGED } from '../../../core/iam/key-uses';
import { keyGiven, textAt } from './encryption-key';
import { foreignKey } from './role-keys';
import type { LocalContext } from './service';
import type { Unsupported } from './unsupported';

/** Resources whose key is in no template, or whose key is not judged at all. */
export function keysNotJudged(context: LocalContext): readonly Unsupported[] {
  const { deployment, region } = context;
  const listed = (type: string, reasonOf: (resource: ReturnType<typeof deployment.ofType>[number]) => string | false) =>
    deployment.ofType(type).flatMap((resource) => {
      const reason = reasonOf(resource);
      return reason === false ? [] : [{ resource: resource.displayName, type, reason }];
    });
  const byUsers = Object.keys(ENCRYPTED).flatMap((type) =>
    listed(type, (resource) => {
      const key = foreignKey(context, keyGiven(resource, region));
      return (
        key !== undefined && `its key '${key}' is in no template: whether its users may use the key is not checked`
      );
    }),
  );
  // Of a resource whose service also uses the key, the service's use is listed.
  const types = Object.keys(ENCRYPTED_BY_ROLE).filter((type) => !Object.hasOwn(ENCRYPTED_BY_SERVICE, type));
  const byRoles = types.flatMap((type) =>
    listed(type, ({ properties }) => {
      const key = foreignKey(context, textAt(properties, ENCRYPTED_BY_ROLE[type]!.keyAt, region));
      return key !== undefined && `its key '${key}' is in no template: whether its role may use the key is not checked`;
    }),
  );
  const unknown = Object.entries(KEYS_NOT_JUDGED).flatMap(([type, keyAt]) =>
    listed(type, ({ properties }) => {
      const key = textAt(properties, keyAt, region);
      return key !== undefined && `whether Lambda may use its key '${key}' is not checked`;
    }),
  );
  return [...byUsers, ...byRoles, ...unknown];
}
