import { ModelAccess } from '../../core/iam/model-access';
import type { Model, Resource } from '../../core/model/model';
import { at, items } from '../../core/model/select';
import { asksWho, isForEverybody } from './statements';

/** Whether an API can be called only from its VPC endpoints. */
export function isPrivate(api: Resource): boolean {
  return items(at(api, 'EndpointConfiguration.Types')).includes('PRIVATE');
}

/** Whether a REST API's policy keeps anyone out: it denies on a condition, or does not allow everyone. */
export function isGuarded(model: Model, api: Resource): boolean {
  const statements = ModelAccess.of(model).statementsAbout(api);
  if (statements.length === 0) return false;
  const denies = statements.some(({ statement }) => statement?.Effect === 'Deny' && statement.Condition !== undefined);
  const open = statements.some(
    ({ statement }) => statement?.Effect === 'Allow' && isForEverybody(statement) && !asksWho(statement),
  );
  return denies || !open;
}
