import type { Rule } from '../rule';
import type { Config, Profile } from './config';

/** How to choose rules. */
export interface Selection {
  /**
   * The starting set of rules.
   * @default - the configuration's, or `all`
   */
  readonly profile?: Profile;
  /**
   * The project's configuration.
   * @default - none
   */
  readonly config?: Pick<Config, 'profile' | 'rules'>;
}

/** The rules of a profile, with the configuration's settings for individual rules. */
export function selectRules(rules: readonly Rule[], { config, profile = config?.profile }: Selection): readonly Rule[] {
  return rules.flatMap((rule) => {
    const setting = config?.rules[rule.id];
    if (setting === 'off') return [];
    if (setting !== undefined) return setting === rule.severity ? [rule] : [{ ...rule, severity: setting }];
    return profile === 'essential' && rule.severity !== 'error' ? [] : [rule];
  });
}
