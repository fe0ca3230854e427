import { Duration } from 'aws-cdk-lib';
import { type LifecycleRule as CdkRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { Check } from '../../core/check/check';
import { duration, filled, known, object, record } from '../../core/check/kinds';
import { infrequentAccessAge, infrequentAccessStay, lifecycleRuleId } from '../../core/facts/s3';

/** What happens to files over time, counted from when a file was written. */
export interface LifecycleRule {
  /**
   * Key prefix of the files: `'incoming/'`.
   * @default - every file
   */
  readonly prefix?: string;
  /**
   * Whole days after which a file is deleted; in a versioned bucket it gets a delete marker, and its version is kept for a while.
   * @default - never
   */
  readonly expireAfter?: Duration;
  /**
   * Whole days, 30 or more, after which a file moves to infrequent access: cheaper to store, more expensive to read.
   * @default - it stays in the standard class
   */
  readonly infrequentAccessAfter?: Duration;
  /**
   * Whole days after which a file moves to Glacier Instant Retrieval, where it is still readable immediately. Thirty more than
   * `infrequentAccessAfter`.
   * @default - never
   */
  readonly archiveAfter?: Duration;
  /**
   * Whole days for which replaced and deleted versions are kept. Only in a rule without a prefix.
   * @default Duration.days(30)
   */
  readonly keepVersions?: Duration;
}

/** Rules by names that the team chooses. */
export type Lifecycle = Readonly<Record<string, LifecycleRule>>;

const TIME = known(duration(undefined, undefined, 'days'));

/** What a lifecycle may hold. */
export const LIFECYCLE = record(
  object<LifecycleRule>(
    {
      prefix: filled('incoming/'),
      expireAfter: TIME,
      infrequentAccessAfter: TIME,
      archiveAfter: TIME,
      keepVersions: TIME,
    },
    '{ expireAfter: Duration.days(90) }',
    {
      expiration: "write 'expireAfter'",
      transitions: "write 'infrequentAccessAfter' and 'archiveAfter'",
      noncurrentVersionExpiration: "write 'keepVersions'",
    },
  ),
  '{ old: { expireAfter: Duration.days(90) } }',
);

/** Default retention of versions. */
const VERSIONS = Duration.days(30);

/** The rules of a versioned bucket: the team's, and the cleanup of what nobody would see but pay for. */
export function lifecycleRules(lifecycle: Lifecycle = {}): CdkRule[] {
  const kept = Object.values(lifecycle).find(({ keepVersions }) => keepVersions !== undefined)?.keepVersions;
  return [
    { abortIncompleteMultipartUploadAfter: Duration.days(7), noncurrentVersionExpiration: kept ?? VERSIONS },
    ...Object.entries(lifecycle).flatMap(([id, { prefix, expireAfter, infrequentAccessAfter, archiveAfter }]) => {
      const transitions = [
        { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: infrequentAccessAfter },
        { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: archiveAfter },
      ].filter(({ transitionAfter }) => transitionAfter !== undefined);
      if (expireAfter === undefined && transitions.length === 0) return [];
      return [{ id, prefix, expiration: expireAfter, ...(transitions.length > 0 && { transitions }) }];
    }),
  ];
}

/** What S3 would refuse, or would do differently from how it reads. */
export function lifecycleChecks(lifecycle: Lifecycle = {}): Check[] {
  return Object.entries(lifecycle).flatMap(([id, rule]) => [
    {
      prop: 'lifecycle',
      value: id,
      valid: () => id.length <= lifecycleRuleId.value,
      rule: `must name each rule with at most ${lifecycleRuleId.value} characters, not ${id.length}`,
      remedy: "shorten the name, and give the beginning of the keys in 'prefix'",
    },
    ...ruleChecks(`lifecycle.${id}`, rule),
  ]);
}

function ruleChecks(prop: string, rule: LifecycleRule): Check[] {
  const { prefix, keepVersions } = rule;
  const days = (time: Duration | undefined) => time && time.toSeconds() / 86_400;
  const [expire, infrequent, archive] = [rule.expireAfter, rule.infrequentAccessAfter, rule.archiveAfter].map(days);
  const moved = Math.max(infrequent ?? 0, archive ?? 0);
  const whole = (['expireAfter', 'infrequentAccessAfter', 'archiveAfter', 'keepVersions'] as const).map((name) => ({
    prop: `${prop}.${name}`,
    value: rule[name],
    valid: () => rule[name] === undefined || (Number.isInteger(days(rule[name])) && days(rule[name])! > 0),
    rule: 'must be a whole number of days, at least 1',
    remedy: 'write Duration.days(...)',
  }));
  return [
    ...whole,
    {
      prop,
      value: rule,
      valid: () => [expire, infrequent, archive, days(keepVersions)].some((one) => one !== undefined),
      rule: 'must say what happens to the files',
      remedy: "set 'expireAfter', or leave the rule out",
    },
    {
      prop: `${prop}.infrequentAccessAfter`,
      value: rule.infrequentAccessAfter,
      valid: () => infrequent === undefined || infrequent >= infrequentAccessAge.value,
      rule: `must be at least ${infrequentAccessAge.value} days`,
      remedy: 'lengthen it',
    },
    {
      prop: `${prop}.archiveAfter`,
      value: rule.archiveAfter,
      valid: () =>
        archive === undefined || infrequent === undefined || archive >= infrequent + infrequentAccessStay.value,
      rule: `must be at least ${infrequentAccessStay.value} days after 'infrequentAccessAfter'`,
      remedy: 'lengthen it, or leave one of them out',
    },
    {
      prop: `${prop}.expireAfter`,
      value: rule.expireAfter,
      valid: () => expire === undefined || expire > moved,
      rule: 'must be later than the moves',
      remedy: "lengthen it, or leave 'infrequentAccessAfter' and 'archiveAfter' out",
    },
    {
      prop: `${prop}.keepVersions`,
      value: keepVersions,
      valid: () => keepVersions === undefined || prefix === undefined || prefix === '',
      rule: "must not be given with 'prefix': S3 applies the shortest of several rules, and one covers every file",
      remedy: 'set it in a rule without a prefix',
    },
  ];
}
