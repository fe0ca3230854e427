import { displayName } from '../../core/model/display';
import { type Model, type Resource } from '../../core/model/model';
import { type Value } from '../../core/model/values';
import { type Judgement } from '../rule';
import { lacking } from './allowance';
import { rolesOf } from './policies';

/** What must be allowed, and where a finding about it belongs. */
export interface Need {
  /** The resource that has the role. */
  readonly runner: Resource;
  /** The property of `runner` that names its role. */
  readonly role: string;
  /** The actions. */
  readonly actions: readonly string[];
  /** What they are done to. */
  readonly on: Value;
  /** Resource, property and detail of a finding. */
  readonly place: { readonly resource: Resource; readonly property: string; readonly detail?: string };
}

/**
 * Judges whether a role may do what its holder does with it. A role outside the model, or a policy that cannot be read,
 * gives no answer.
 * @param message what to say of the actions that are missing
 */
export function* judgeRole(
  model: Model,
  { runner, role, actions, on, place }: Need,
  message: (missing: string, holder: Resource) => string,
): Iterable<Judgement> {
  const holders = rolesOf(model, runner, role);
  if (holders.length === 0) {
    yield { ...where(place), reason: `the role of ${displayName(runner)} is not in the template` };
  }
  for (const holder of holders) {
    const missing = lacking(model, holder, actions, on);
    if (missing === 'unknown') {
      yield { ...where(place), reason: `a policy of ${displayName(holder)} cannot be read` };
    } else if (missing.length > 0) {
      yield { ...place, message: message(missing.join(', '), holder) };
    }
  }
}

function where({ resource, property }: Need['place']): { resource: Resource; property: string } {
  return { resource, property };
}
