import { randomUUID } from 'node:crypto';
import type { PolicyDocument } from '../../../access';
import type { Caller } from './caller';
import type { Deployed, Deployment } from './deployment';
import { LocalRunError } from './errors';
import type { Functions } from '../lambda/functions';
import type { Keys, SigningCaller } from './keys';
import type { Policies } from './policies';
import { type Assuming, whyNotTrusted } from './trust';

/** A role session to start. */
export interface NewSession {
  readonly role: Deployed;
  /** The name of the session. */
  readonly name: string;
  /** Who starts it. */
  readonly by: Caller;
  readonly policy?: PolicyDocument;
  /** When it ends, in milliseconds since the epoch. */
  readonly expires: number;
}

/** A started role session. */
export interface Session extends Pick<NewSession, 'role' | 'by'> {
  /** The session as a caller. */
  readonly caller: SigningCaller;
}

/** All callers: the functions, those that the user named, and the tests themselves. */
export class Callers {
  /** The tests themselves: they may do everything. */
  readonly tests: SigningCaller;
  private readonly named: ReadonlyMap<string, SigningCaller>;
  private readonly opened = new Map<string, Session>();

  /**
   * @param functions whose environments sign
   * @param deployment the roles
   * @param policies what roles may do
   * @param keys what they sign with
   * @param account of the callers
   * @param named callers by name, with their policies, as the user gave them
   */
  constructor(
    private readonly functions: Functions,
    private readonly deployment: Deployment,
    private readonly policies: Policies,
    private readonly keys: Keys,
    account: string,
    named: Readonly<Record<string, readonly PolicyDocument[]>>,
  ) {
    const caller = (name: string, held: Caller['policies']): SigningCaller => ({
      ...keys.user(`caller ${name}`),
      name,
      arn: `arn:aws:iam::${account}:user/${name}`,
      policies: held,
    });
    this.tests = caller('tests', 'everything');
    this.named = new Map(Object.entries(named).map(([name, identity]) => [name, caller(name, { identity })]));
  }

  /** The caller with an access key; undefined for an unknown key. */
  byKey(key: string): SigningCaller | undefined {
    return (
      [this.tests, ...this.named.values()].find((one) => one.accessKeyId === key) ??
      this.functions.callers.get(key) ??
      this.opened.get(key)?.caller
    );
  }

  /**
   * A caller that the user named.
   * @throws LocalRunError when there is none
   */
  byName(name: string): SigningCaller {
    const found = this.named.get(name);
    if (found) return found;
    throw new LocalRunError(`there is no caller '${name}'; name it in the option 'callers', with its policies`);
  }

  /**
   * A role of the templates as a caller, if a service may assume it.
   * @returns otherwise why not
   */
  byRole(roleArn: string, assuming: Assuming): Caller | string {
    const role = this.deployment.withArn(roleArn, 'AWS::IAM::Role');
    const trust = role && this.policies.ofResource(role.arn);
    if (!trust) return `the role '${roleArn}' is in no template: nothing is known to be allowed`;
    const refused = whyNotTrusted(role.arn, trust, assuming);
    if (refused !== undefined) return `the role '${role.displayName}' cannot be assumed: ${refused}`;
    return {
      accessKeyId: this.keys.session(role.resource.id).accessKeyId,
      name: role.displayName,
      arn: sessionArn(role, 'local-run'),
      policies: this.policies.ofRole(role.resource),
    };
  }

  /** Starts a session of a role, without checking whether it may be assumed. */
  open({ role, name, by, policy, expires }: NewSession): SigningCaller {
    const policies = this.policies.ofRole(role.resource);
    const caller = {
      ...this.keys.session(randomUUID()),
      name: `${role.displayName} as '${name}'`,
      arn: sessionArn(role, name),
      policies: policy ? { ...policies, session: policy } : policies,
      expires,
    };
    this.opened.set(caller.accessKeyId, { role, by, caller });
    return caller;
  }

  /** The started sessions. */
  get sessions(): readonly Session[] {
    return [...this.opened.values()];
  }
}

/** A session's ARN leaves out the role's path. */
function sessionArn({ arn }: Deployed, name: string): string {
  return arn.replace(/:iam::(\d*):role\/(?:.*\/)?([^/]+)$/, `:sts::$1:assumed-role/$2/${name}`);
}
