import { ModelAccess } from '../../core/iam/model-access';
import { displayName } from '../../core/model/display';
import type { Model, Resource } from '../../core/model/model';
import type { Judgement } from '../rule';
import { rolesOf } from './roles';

/** A required permission, and where a finding about it goes. */
export interface RoleNeed {
  /** The resource that has the role. */
  readonly runner: Resource;
  /** The property of `runner` that names its role. */
  readonly role: string;
  /** The actions; of an entry with several, one is enough. */
  readonly actions: readonly (string | readonly string[])[];
  /** ARNs they apply to; one that is allowed is enough. Empty if unknown. */
  readonly on: readonly string[];
  /** Resource, property and detail of a finding. */
  readonly place: { readonly resource: Resource; readonly property: string; readonly detail?: string };
}

/**
 * Judges whether a role allows what its holder does with it. A role outside the model or an unreadable policy / is
 * undecided. Conditions count as met: the rules only look for missing permissions.
 * @param message the message for the missing actions
 */
export function* judgeRole(
  model: Model,
  { runner, role, actions, on, place }: RoleNeed,
  message: (missing: string, holder: Resource) => string,
): Iterable<Judgement> {
  const { resource, property } = place;
  const holders = rolesOf(model, runner, role);
  if (holders.length === 0) {
    yield { resource, property, reason: `the role of ${displayName(runner)} is not in the template` };
  }
  if (on.length === 0) return;
  for (const holder of holders) {
    const answers = actions.map((action) => ({
      action: [action].flat(),
      ...answer(model, holder, [action].flat(), on),
    }));
    const missing = answers.filter(({ verdict }) => verdict === 'denied').map(({ action }) => action[0]);
    const open = answers.find(({ verdict }) => verdict === 'unknown');
    if (missing.length > 0) yield { ...place, message: message(missing.join(', '), holder) };
    else if (open) {
      yield {
        resource,
        property,
        reason: `a policy of ${displayName(holder)} cannot be read: ${open.reasons.join('; ')}`,
      };
    }
  }
}

const BEST_FIRST = ['allowed', 'conditional', 'unknown', 'denied'] as const;

/** The best verdict on any of several actions with any of several ARNs. */
function answer(model: Model, role: Resource, actions: readonly string[], on: readonly string[]) {
  const access = ModelAccess.of(model);
  const answers = on.flatMap((target) => actions.map((action) => access.allows(role, action, target)));
  const best = BEST_FIRST.find((verdict) => answers.some((one) => one.verdict === verdict))!;
  return answers.find(({ verdict }) => verdict === best)!;
}
