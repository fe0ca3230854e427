import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import picomatch from 'picomatch';
import { parseDocument } from 'yaml';
import { type Failure, PatternError } from '../../core/errors';
import { nearest } from '../../core/nearest';
import { isDate } from '../acknowledgements';
import { OFFICIAL_ID } from '../official/official-rules';
import { type Config, NEW_PRINCIPALS, PROFILES, RULE_SETTINGS, type RuleSetting } from './config';
import { isRecord } from '../../core/record';

/** The name of the file. */
export const CONFIG_FILE = 'lintel.yaml';

/**
 * The configuration of the project that a directory belongs to.
 * @param from where the search starts; it goes upward and stops at the first file found
 * @param rules ids of all rules
 * @returns undefined if there is none
 * @throws PatternError when it says what it cannot say, all of that at once
 */
export function findConfig(from: string, rules: readonly string[]): Config | undefined {
  for (let directory = path.resolve(from); ; directory = path.dirname(directory)) {
    const file = path.join(directory, CONFIG_FILE);
    if (existsSync(file)) return readConfig(file, rules);
    if (directory === path.dirname(directory)) return undefined;
  }
}

/** @throws PatternError when the file says what it cannot say, all of that at once */
export function readConfig(file: string, rules: readonly string[]): Config {
  return new Reader(file, rules).config(contentOf(file));
}

/**
 * Reviewed changes of access from a separate file: a list as in `access.accept`.
 * @throws PatternError when the file says what it cannot say, all of that at once
 */
export function readAcceptedChanges(file: string): Config['acceptedChanges'] {
  return new Reader(file, []).acceptedChanges(contentOf(file));
}

function contentOf(file: string): unknown {
  const unreadable = (reasons: readonly string[]) =>
    new PatternError(
      file,
      reasons.map((reason) => ({ prop: path.basename(file), message: `cannot be read: ${reason}; correct it` })),
    );
  const text = (() => {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      throw unreadable([
        (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : 'it is not a file',
      ]);
    }
  })();
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw unreadable(document.errors.map(({ message }) => message.split('\n')[0]!.replace(/:$/, '')));
  return document.toJS() as unknown;
}

const KEYS = ['profile', 'rules', 'ignore', 'access'];

class Reader {
  private readonly failures: Failure[] = [];

  constructor(
    private readonly file: string,
    private readonly known: readonly string[],
  ) {}

  config(data: unknown): Config {
    const content = this.map('', data ?? {}, KEYS);
    const { profile, ignore, access } = content;
    if (profile !== undefined) this.oneOf('profile', profile, PROFILES);
    const patterns = this.list('ignore', ignore).filter((pattern, index) =>
      this.must(`ignore.${index}`, pattern, isText(pattern), 'must be a path or pattern', 'write it in quotes'),
    );
    const config: Config = {
      file: this.file,
      profile: profile as Config['profile'],
      rules: this.settings(content.rules),
      ignores: ignoring(path.dirname(this.file), patterns as string[]),
      ...this.access(this.map('access', access ?? {}, ['accept', 'newPrincipals'])),
    };
    if (this.failures.length > 0) throw new PatternError(this.file, this.failures);
    return config;
  }

  acceptedChanges(data: unknown): Config['acceptedChanges'] {
    const changes = this.changes('accept', data ?? []);
    if (this.failures.length > 0) throw new PatternError(this.file, this.failures);
    return changes;
  }

  private access({ accept, newPrincipals }: Readonly<Record<string, unknown>>) {
    if (newPrincipals !== undefined) this.oneOf('access.newPrincipals', newPrincipals, NEW_PRINCIPALS);
    const acceptedChanges = this.changes('access.accept', accept);
    return { acceptedChanges, newPrincipals: newPrincipals as Config['newPrincipals'] };
  }

  private settings(value: unknown): Record<string, RuleSetting> {
    const settings = this.map('rules', value ?? {}, this.known);
    for (const [rule, setting] of Object.entries(settings)) this.oneOf(`rules.${rule}`, setting, RULE_SETTINGS);
    return settings as Record<string, RuleSetting>;
  }

  private changes(name: string, value: unknown): Config['acceptedChanges'] {
    return this.list(name, value).map((entry, index) => {
      const place = `${name}.${index}`;
      const { change, reason, expires } = this.map(place, entry, ['change', 'reason', 'expires']);
      this.must(`${place}.change`, change, isText(change), 'must name a change', 'take its id from the report');
      this.must(`${place}.reason`, reason, isText(reason), 'must say why it is accepted', 'give the reason');
      const day = expires === undefined || (typeof expires === 'string' && isDate(expires));
      this.must(`${place}.expires`, expires, day, 'must be a day', 'write it as 2027-03-31');
      return { change, reason, expires } as Config['acceptedChanges'][number];
    });
  }

  private map(place: string, value: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> {
    const named = place === '' ? CONFIG_FILE : place;
    if (!isRecord(value)) {
      this.must(named, value, false, 'must be a map', `write ${keys.length > 10 ? 'names' : keys.join(', ')} below it`);
      return {};
    }
    for (const key of Object.keys(value)) {
      if (keys.includes(key) || (keys === this.known && OFFICIAL_ID.test(key))) continue;
      const meant = nearest(key, keys);
      const among = keys.length > 10 ? 'see RULES.md for the rules' : `there are ${keys.join(', ')}`;
      this.failures.push({
        prop: named,
        message: `'${place === '' ? key : `${place}.${key}`}' is unknown; ${meant ? `did you mean '${meant}'?` : among}`,
      });
    }
    return value;
  }

  private list(place: string, value: unknown): readonly unknown[] {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.must(place, value, false, 'must be a list', 'begin each line below it with a dash');
    return [];
  }

  private oneOf(place: string, value: unknown, allowed: readonly string[]): void {
    const meant = typeof value === 'string' ? nearest(value, allowed) : undefined;
    const valid = allowed.some((one) => one === value);
    this.must(place, value, valid, `must be ${allowed.join(' or ')}`, meant ? `did you mean '${meant}'?` : 'name one');
  }

  private must(prop: string, value: unknown, valid: boolean, rule: string, remedy: string): boolean {
    if (!valid) {
      const got = value === undefined ? 'got nothing' : `got ${JSON.stringify(value)}`;
      this.failures.push({ prop, message: `'${prop}' ${rule}, ${got}; ${remedy}` });
    }
    return valid;
  }
}

/** Patterns as in .gitignore: relative to the file's directory; a directory covers everything in it. */
function ignoring(directory: string, patterns: readonly string[]): (file: string) => boolean {
  if (patterns.length === 0) return () => false;
  const globs = patterns.map((pattern) => pattern.replace(/^\.\//, '').replace(/\/$/, ''));
  const matches = picomatch(
    globs.flatMap((glob) => [glob, `${glob}/**`]),
    { dot: true },
  );
  return (file) => {
    const relative = path.relative(directory, path.resolve(file)).split(path.sep).join('/');
    return relative !== '' && !relative.startsWith('../') && matches(relative);
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
