import { type Decision, evaluate, type PolicyDocument } from '../../../access';
import type { Deployed } from './deployment';
import { text } from './json';
import { parseArn } from '../../../core/arn';

/** The resource that a service acts for: from the templates, or created by a handler. */
export type Acting = Pick<Deployed, 'arn' | 'arnHere' | 'properties'>;

/** What a service sends when it assumes a role. */
interface Assumption {
  /** The ARN that it sends as its source; undefined if it sends none. */
  readonly source: (acting: Acting | undefined) => string | undefined;
  /** Where this is documented, or was observed. */
  readonly see: string;
}

const STATES = 'states.amazonaws.com';

const itself: Assumption['source'] = (acting) => acting?.arn;

/** Services known to send these. For others, nothing is guessed. */
const ASSUMPTIONS: Readonly<Record<string, Assumption>> = {
  'scheduler.amazonaws.com': {
    source: (schedule) =>
      schedule?.arnHere('scheduler', `schedule-group/${text(schedule.properties.GroupName) ?? 'default'}`),
    see: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html',
  },
  'events.amazonaws.com': {
    source: itself,
    see: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html',
  },
  'pipes.amazonaws.com': {
    source: itself,
    see: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html',
  },
  [STATES]: {
    source: itself,
    see: 'https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html',
  },
  // Observed, not documented: an integration's role with a condition on `aws:SourceAccount` cannot be assumed.
  'apigateway.amazonaws.com': {
    source: () => undefined,
    see: 'https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/pull/479',
  },
};

/** Who wants to assume a role. */
export interface Assuming {
  /** `scheduler.amazonaws.com`. */
  readonly service: string;
  /** What it acts for: a schedule, a rule. */
  readonly acting?: Acting;
}

/**
 * Why a service may not assume a role; undefined where it may.
 * @param role its ARN
 * @param trust its trust policy
 */
export function whyNotTrusted(role: string, trust: PolicyDocument, assuming: Assuming): string | undefined {
  const { service, acting } = assuming;
  const source = ASSUMPTIONS[service]?.source(acting);
  const { verdict, reasons } = judged(role, trust, assuming);
  switch (verdict) {
    case 'allowed':
      return undefined;
    case 'denied':
      return `its trust policy does not let ${service}${source === undefined ? '' : ` assume it for '${source}'`}`;
    default:
      return `whether its trust policy lets ${service} cannot be judged: ${
        ASSUMPTIONS[service] ? reasons.join('; ') : 'it is not known what the service sends when it assumes a role'
      }`;
  }
}

/** Whether a service certainly may not assume a role: whatever it sends, if that is unknown. */
export function isRefused(role: string, trust: PolicyDocument, assuming: Assuming): boolean {
  return judged(role, trust, assuming).verdict === 'denied';
}

function judged(role: string, trust: PolicyDocument, { service, acting }: Assuming): Decision {
  const known = ASSUMPTIONS[service];
  const source = known?.source(acting);
  const sent =
    source === undefined ? {} : { 'aws:SourceArn': source, 'aws:SourceAccount': parseArn(source)?.account ?? '' };
  const context = known && sent;
  const asked = { action: 'sts:AssumeRole', resource: role, ...(context && { context }) };
  const decided = namesOf(service, acting).map((principal) =>
    evaluate({ ...asked, principal }, { identity: [], resourcePolicy: trust }),
  );
  return decided.find(({ verdict }) => verdict !== 'denied') ?? decided[0]!;
}

/**
 * The names under which a service assumes a role: Step Functions is also trusted as the service of its region, as CDK
 * wrote it until `@aws-cdk/aws-iam:standardizedServicePrincipals`, and many templates do.
 */
function namesOf(service: string, acting: Acting | undefined): readonly string[] {
  const region = acting && parseArn(acting.arn)?.region;
  return service === STATES && region ? [service, `states.${region}.amazonaws.com`] : [service];
}
