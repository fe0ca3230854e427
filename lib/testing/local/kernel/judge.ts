import { type AccessPolicies, type Context, evaluate, type PolicyDocument } from '../../../access';
import type { Caller } from './caller';
import { Decisions } from './decisions';
import type { Policies } from './policies';
import type { Tags } from './tags';
import { type DeniedAccess, Tally, type UsedAccess } from '../report';
import { parseArn } from '../../../core/arn';

/** What a call needs: one action on one resource. */
export interface Need {
  /** `dynamodb:GetItem`. */
  readonly action: string;
  /** The ARN of the resource; `*` for an action that has none. */
  readonly resource: string;
  /** Context of this request, besides that of every request. */
  readonly context?: Context;
}

/** Why a call was refused. */
export interface Denial {
  /** The unmet need. */
  readonly need: Need;
  /** As AWS words it, without the error name. */
  readonly message: string;
  /** As the evaluator words it. */
  readonly reason: string;
}

/** Added to a caller's policies, it leaves only an explicit deny to refuse a call. */
const EVERYTHING: PolicyDocument = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

type Use = Omit<UsedAccess, 'count'>;
type Refusal = Omit<DeniedAccess, 'count'>;

/** Judges every call by the synthesized policies, and records what was used and what was refused. */
export class AccessJudge {
  private readonly used = new Map<string, Tally<Use>>();
  private readonly usedByPlatform = new Map<string, Tally<Use>>();
  private readonly refused = new Map<string, Tally<Refusal>>();
  private readonly decisions = new Decisions();

  /**
   * @param region for `aws:RequestedRegion`, where the resource's ARN has none
   * @param account for `aws:ResourceAccount` and `aws:SourceAccount`, where an ARN has none
   * @param policies the policies of resources
   * @param tags of resources and roles
   * @param ownerOf the account of a resource whose ARN names none, such as a bucket
   */
  constructor(
    private readonly region: string,
    private readonly account: string,
    private readonly policies: Pick<Policies, 'ofResource'>,
    private readonly tags: Pick<Tags, 'contextOf'>,
    private readonly ownerOf: (arn: string) => string | undefined = () => undefined,
  ) {}

  /**
   * The first need of a call that the caller's policies do not meet; undefined when all are met.
   * @param by who uses the caller's access: its code, or a service on its behalf, such as an event source
   */
  refusal(caller: Caller, needs: readonly Need[], by: 'code' | 'platform' = 'code'): Denial | undefined {
    if (caller.policies === 'everything') return undefined;
    for (const need of needs) {
      const denial = this.judge(caller, need);
      const { action, resource } = need;
      if (denial) {
        tally(this.refused, caller).add({ action, resource, reason: denial.reason });
        return denial;
      }
      tally(by === 'code' ? this.used : this.usedByPlatform, caller).add({ action, resource });
    }
    return undefined;
  }

  /**
   * Whether a service may do something with a resource, by the resource's policy.
   * @param service `apigateway.amazonaws.com`
   * @param source the ARN of what the service acts for: a route of an API, a rule, a topic
   */
  servicePermitted(service: string, need: Need, source: string): boolean {
    const { action, resource } = need;
    const resourcePolicy = this.policies.ofResource(resource);
    if (!resourcePolicy) return false;
    const decide = () => {
      const account = accountIn(source) ?? this.account;
      const context = this.requestContext(need, { 'aws:SourceArn': source, 'aws:SourceAccount': account });
      const request = { action, resource, principal: service, context };
      return this.decisions.of(resourcePolicy, request, { identity: [], resourcePolicy });
    };
    const decision =
      need.context === undefined
        ? this.decisions.ofRepeated(resourcePolicy, `${service} ${action} ${resource} ${source}`, decide)
        : decide();
    return decision.verdict === 'allowed';
  }

  /** What a caller used, in the order of first use. */
  usedBy(caller: Caller): readonly UsedAccess[] {
    return tally(this.used, caller).list();
  }

  /** What services used on a caller's behalf. */
  usedForPlatform(caller: Caller): readonly UsedAccess[] {
    return tally(this.usedByPlatform, caller).list();
  }

  /** What a caller was refused. */
  refusedTo(caller: Caller): readonly DeniedAccess[] {
    return tally(this.refused, caller).list();
  }

  private judge(caller: Caller, need: Need): Denial | undefined {
    if (caller.policies === 'everything') return undefined;
    const { action, resource } = need;
    const resourcePolicy = this.policies.ofResource(resource);
    const { identity, boundary, session } = caller.policies;
    const documents = [...identity, boundary, session, resourcePolicy].filter((one) => one !== undefined);
    const context = this.requestContext(need, this.tags.contextOf(documents, caller, resource));
    const request = { action, resource, principal: caller.arn, context };
    const ofResource = resourcePolicy && { resourcePolicy };
    const byRole = this.decisions.of(caller.policies, request, {
      identity,
      ...(boundary && { boundary }),
      ...ofResource,
    });
    // A session policy limits like a boundary, in addition to the role's.
    const bySession =
      session && byRole.verdict === 'allowed'
        ? evaluate(request, { identity, boundary: session, ...ofResource })
        : undefined;
    const { verdict, reasons } = bySession ?? byRole;
    if (verdict === 'allowed') return undefined;
    const reason = reasons.join('; ');
    const decide = (policies: AccessPolicies) => evaluate(request, { ...policies, ...ofResource });
    const cause = (() => {
      if (verdict !== 'denied') return `because it could not be judged here: ${reason}`;
      if (decide({ identity: [...identity, EVERYTHING] }).verdict === 'denied') {
        return 'with an explicit deny in an identity-based policy';
      }
      if (bySession) return `because no session policy allows the ${action} action`;
      const byBoundary = boundary && decide({ identity }).verdict === 'allowed';
      return `because no ${byBoundary ? 'permissions boundary' : 'identity-based policy'} allows the ${action} action`;
    })();
    if (caller.arn === 'anonymous') return { need, message: 'Access Denied', reason };
    const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${cause}`;
    return { need, message, reason };
  }

  /** The context of every request, with the time if a policy reads it. */
  private requestContext({ resource, context }: Need, more?: Context): Context {
    const now = Date.now();
    const { region, account } = this;
    const own = parseArn(resource);
    return Object.assign(
      {
        'aws:RequestedRegion': own?.region || region,
        'aws:SecureTransport': true,
        'aws:SourceIp': '127.0.0.1',
        get 'aws:CurrentTime'() {
          return new Date(now).toISOString();
        },
        'aws:EpochTime': Math.floor(now / 1000),
        'aws:PrincipalType': 'AssumedRole',
        'aws:ResourceAccount': (own?.account || undefined) ?? this.ownerOf(resource) ?? account,
        'aws:ViaAWSService': false,
      },
      context,
      more,
    );
  }
}

/** The account in an ARN: one assembly may hold stacks of several accounts. */
export function accountIn(arn: string): string | undefined {
  return parseArn(arn)?.account || undefined;
}

function tally<T extends object>(tallies: Map<string, Tally<T>>, { accessKeyId }: Caller): Tally<T> {
  const known = tallies.get(accessKeyId) ?? new Tally<T>();
  tallies.set(accessKeyId, known);
  return known;
}
