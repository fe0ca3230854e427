import type { ResourceActions } from '../narrow';
import type { Principal } from '../../core/iam/principals';

/**
 * Actions by service, for display: `dynamodb: GetItem, Query; sqs: SendMessage`; those of SQL have none: `INSERT,
 * SELECT`.
 */
export function actionsInWords(actions: readonly string[], allBut = false): string {
  const services = new Map<string, string[]>();
  for (const action of actions) {
    const [service = '', ...name] = action.includes(':') ? action.split(':') : ['', action];
    services.set(service, [...(services.get(service) ?? []), name.join(':')]);
  }
  const groups = [...services].map(([service, names]) =>
    service === '' ? names.join(', ') : `${service}: ${names.join(', ')}`,
  );
  return `${allBut ? 'all but ' : ''}${groups.join('; ')}`;
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
