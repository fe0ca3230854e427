import { expand } from '../../core/iam/action-set';
import { findAction } from '../../core/iam/actions';
import type { ResourceActions } from '../narrow';
import type { Principal } from '../../core/iam/principals';

/** More names than this are shown by their services, as those of `ReadOnlyAccess`; JSON has them all. */
const MOST_NAMES = 100;

/**
 * Actions by service, for display: `dynamodb: GetItem, Query; sqs: SendMessage`; those of SQL have none: `INSERT,
 * SELECT`.
 */
export function actionsInWords(actions: readonly string[], allBut = false): string {
  const words = actions.length > MOST_NAMES ? servicesInWords(actions) : namesInWords(actions);
  return `${allBut ? 'all but ' : ''}${words}`;
}

/** `1303 names of actions in 214 services: a4b, ...; they may change permissions: iam: PassRole`. */
function servicesInWords(actions: readonly string[]): string {
  const services = [...new Set(actions.map((action) => action.split(':')[0]!))].sort();
  const strong = actions.filter((pattern) =>
    [...expand({ patterns: [pattern], negated: false })].some((name) => findAction(name)?.level === 'permissions'),
  );
  const some = strong.length > MOST_NAMES ? '' : `; of these, change permissions: ${namesInWords(strong)}`;
  const of =
    services.length === 1 ? `the service ${services.join()}` : `${services.length} services: ${services.join(', ')}`;
  return `${actions.length} actions and patterns in ${of}${strong.length === 0 ? '' : some} (--json lists all)`;
}

function namesInWords(actions: readonly string[]): string {
  const services = new Map<string, string[]>();
  for (const action of actions) {
    const [service = '', ...name] = action.includes(':') ? action.split(':') : ['', action];
    services.set(service, [...(services.get(service) ?? []), name.join(':')]);
  }
  const groups = [...services].map(([service, names]) =>
    service === '' ? names.join(', ') : `${service}: ${names.join(', ')}`,
  );
  return groups.join('; ');
}

/** Granted actions in words: `sqs: *, but not sqs: SendMessage`. */
export function grantInWords({ actions, but = [] }: ResourceActions): string {
  return actionsInWords(actions) + (but.length > 0 ? `, but not ${actionsInWords(but)}` : '');
}

/** A principal in words: `function Shop/Place`, `anyone`. */
export function principalInWords({ kind, name }: Principal): string {
  return kind === 'anyone' ? (name === '*' ? 'anyone' : `anyone${name.slice(1)}`) : `${kind} ${name}`;
}

/** Conditions as the end of a line: `if a and b, when IsProd`. */
export function conditionsInWords(conditions: readonly string[]): string {
  const templates = conditions.filter((condition) => condition.startsWith('when '));
  const others = conditions.filter((condition) => !condition.startsWith('when '));
  return [...(others.length > 0 ? [`if ${others.join(' and ')}`] : []), ...templates].join(', ');
}
