import { Duration } from 'aws-cdk-lib';
import { type LifecycleRule as CdkRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { Check } from '../../core/check/check';
import { duration, filled, known, object, record } from '../../core/check/kinds';
import { infrequentAccessAge, infrequentAccessStay } from '../../core/facts/s3';

/** What becomes of files with time; each time counts from when a file was written. */
export interface LifecycleRule {
  /**
   * Beginning of the keys that it is about: `'incoming/'`.
   * @default - every file
   */
  readonly prefix?: string;
  /**
   * Whole days after which a file is deleted; in a bucket with versions it gets a marker, and its version stays for a while.
   * @default - it stays
   */
  readonly expireAfter?: Duration;
  /**
   * Whole days, 30 or more, after which a file is moved to infrequent access: cheaper to keep, dearer to read.
   * @default - it stays in the standard class
   */
  readonly infrequentAccessAfter?: Duration;
  /**
   * Whole days after which a file is moved to Glacier Instant Retrieval, where it can be read at once. Thirty more than
   * `infrequentAccessAfter`.
   * @default - it is not
   */
  readonly archiveAfter?: Duration;
  /**
   * Whole days for which versions are kept that were replaced or deleted. Of a rule without a prefix.
   * @default Duration.days(30)
   */
  readonly keepVersions?: Duration;
}

/** Rules by names that the team chooses. */
export type Lifecycle = Readonly<Record<string, LifecycleRule>>;

const TIME = known(duration());

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

/** For how long versions are kept, where nothing else is said. */
const VERSIONS = Duration.days(30);

/** The rules of a bucket with versions: those of the team, and that nothing is paid for that nobody sees. */
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

/** What S3 would refuse, or do otherwise than it reads. */
export function lifecycleChecks(lifecycle: Lifecycle = {}): Check[] {
  return Object.entries(lifecycle).flatMap(([id, rule]) => ruleChecks(`lifecycle.${id}`, rule));
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
      rule: 'must say what becomes of the files',
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
      rule: 'must be later than what is moved',
      remedy: "lengthen it, or leave out 'infrequentAccessAfter' and 'archiveAfter'",
    },
    {
      prop: `${prop}.keepVersions`,
      value: keepVersions,
      valid: () => keepVersions === undefined || prefix === undefined || prefix === '',
      rule: "must not be given with 'prefix': of several rules S3 takes the shortest time, and one is for every file",
      remedy: 'give it in a rule without a prefix',
    },
  ];
}
