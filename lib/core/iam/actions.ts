import type * as data from './action-data';
import { nearest } from '../nearest';
import { Pattern } from './pattern';

/** AWS's access level of an action. */
export type AccessLevel = 'read' | 'list' | 'write' | 'tagging' | 'permissions';

/** An action of the Service Authorization Reference. */
export interface Action {
  /** `dynamodb:GetItem`, in AWS's spelling. */
  readonly name: string;
  /** Its access level. */
  readonly level: AccessLevel;
  /** Whether it supports resources; if not, `Resource` can only be `*`. */
  readonly hasResources: boolean;
}

const LEVELS: Readonly<Record<string, AccessLevel>> = {
  r: 'read',
  l: 'list',
  w: 'write',
  t: 'tagging',
  p: 'permissions',
};

const services = new Map<string, readonly Action[]>();
/** In AWS's spelling, and in lower case. */
const byName = new Map<string, Action>();
const expanded = new Map<string, readonly Action[]>();

/** An action by its case-insensitive name; undefined if it does not exist. */
export function findAction(name: string): Action | undefined {
  const spelled = byName.get(name);
  if (spelled) return spelled;
  const key = name.toLowerCase();
  actionsOf(key.split(':')[0]!);
  return byName.get(key);
}

/** The actions that a policy pattern matches (`dynamodb:Get*`, `*`), if any. */
export function matchingActions(pattern: string): readonly Action[] {
  const known = expanded.get(pattern);
  if (known) return known;
  const found = matching(pattern.toLowerCase());
  expanded.set(pattern, found);
  return found;
}

function matching(key: string): readonly Action[] {
  const [service = '', rest, ...more] = key.split(':');
  if (rest !== undefined && more.length === 0 && !/[*?$]/.test(key)) {
    const named = findAction(key);
    return named ? [named] : [];
  }
  const prefixes = /[*?]/.test(service) || rest === undefined ? serviceNames().filter(glob(service)) : [service];
  const matches = glob(rest === undefined ? key : `*:${rest}`);
  return prefixes.flatMap((prefix) => actionsOf(prefix)).filter(({ name }) => matches(name.toLowerCase()));
}

/** The closest action of the same service, or of any if the service does not exist; undefined if none is close. */
export function nearestAction(name: string): string | undefined {
  const [service = '', action = ''] = name.split(':');
  const known = actionsOf(service.toLowerCase());
  if (known.length > 0)
    return nearest(
      name,
      known.map((one) => one.name),
    );
  const meant = nearest(service, serviceNames());
  return meant === undefined ? undefined : findAction(`${meant}:${action}`)?.name;
}

/** The day of the data, as YYYY-MM-DD. */
export function actionDataDate(): string {
  return load().ACTION_DATA_DATE;
}

function serviceNames(): readonly string[] {
  return Object.keys(load().ACTION_DATA);
}

function actionsOf(service: string): readonly Action[] {
  const known = services.get(service);
  if (known) return known;
  const table = load().ACTION_DATA;
  const groups = Object.hasOwn(table, service) ? table[service]!.split(' ') : [];
  const actions = groups.flatMap((group) => {
    const [letter = '', names = ''] = group.split(':');
    const level = LEVELS[letter.toLowerCase()]!;
    const hasResources = letter !== letter.toLowerCase();
    return names.split(',').map((name): Action => ({ name: `${service}:${name}`, level, hasResources }));
  });
  for (const action of actions) byName.set(action.name, action).set(action.name.toLowerCase(), action);
  services.set(service, actions);
  return actions;
}

function glob(pattern: string): (text: string) => boolean {
  if (/^(\*:)?\*+$/.test(pattern)) return () => true;
  const compiled = new Pattern(pattern, 'text');
  return (text) => compiled.test(text) === 'yes';
}

/** The table is half a megabyte, so it is loaded on demand. */
function load(): typeof data {
  return require('./action-data') as typeof data;
}
