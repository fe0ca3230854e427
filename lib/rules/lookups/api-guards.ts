import { ModelAccess } from '../../core/iam/model-access';
import type { Model, Resource } from '../../core/model/model';
import { at, items } from '../../core/model/select';
import { asksWho, isForEverybody } from './statements';

/** Whether an API answers in its networks alone. */
export function isPrivate(api: Resource): boolean {
  return items(at(api, 'EndpointConfiguration.Types')).includes('PRIVATE');
}

/** Whether the policy of a REST API keeps somebody out: it denies on a condition, or does not allow everybody. */
export function isGuarded(model: Model, api: Resource): boolean {
  const statements = ModelAccess.of(model).statementsAbout(api);
  if (statements.length === 0) return false;
  const denies = statements.some(({ statement }) => statement?.Effect === 'Deny' && statement.Condition !== undefined);
  const open = statements.some(
    ({ statement }) => statement?.Effect === 'Allow' && isForEverybody(statement) && !asksWho(statement),
  );
  return denies || !open;
}
