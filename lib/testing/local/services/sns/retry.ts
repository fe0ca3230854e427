import * as facts from '../../../../core/facts/sns';
import { type JsonObject, number, parseJson, recordOf } from '../../kernel/json';

/** The retry schedule: the pause before each further attempt, in seconds. */
export type Pauses = Iterable<number>;

/**
 * For queues and functions: three immediate retries, two after 1 second, ten backing off from 1 to 20, then every 20.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export function* managedPauses(): Generator<number> {
  for (let attempt = 1; attempt < facts.managedAttempts.value; attempt++) {
    if (attempt <= 3) yield 0;
    else if (attempt <= 5) yield 1;
    else if (attempt <= 15) yield Math.min(20, 20 ** ((attempt - 6) / 9));
    else yield 20;
  }
}

/** An HTTP delivery policy; times in seconds. */
interface HttpPolicy {
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly numRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly numMaxDelayRetries: number;
  readonly backoffFunction: string;
}

const DEFAULT: HttpPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  numMaxDelayRetries: 0,
  backoffFunction: 'linear',
};

/**
 * The retry schedule for an HTTP endpoint.
 * @param own the subscription's policy, as JSON or an object
 * @param topic the topic's policy
 */
export function httpPauses(own: unknown, topic: unknown): Pauses {
  const ofTopic = recordOf(policyIn(topic).http);
  const mine = ofTopic.disableSubscriptionOverrides === true ? {} : recordOf(policyIn(own).healthyRetryPolicy);
  const policy = Object.fromEntries(
    Object.entries(DEFAULT).map(([name, preset]): [string, unknown] => {
      const given = mine[name] ?? recordOf(ofTopic.defaultHealthyRetryPolicy)[name];
      return [name, typeof preset === 'number' ? (number(given) ?? preset) : (given ?? preset)];
    }),
  ) as unknown as HttpPolicy;
  return [...pausesOf(policy)];
}

/** The content type of requests, if a policy overrides it. */
export function contentTypeIn(own: unknown, topic: unknown): string | undefined {
  const ofTopic = recordOf(recordOf(policyIn(topic).http).defaultRequestPolicy);
  const given = recordOf(policyIn(own).requestPolicy).headerContentType ?? ofTopic.headerContentType;
  return typeof given === 'string' ? given : undefined;
}

function* pausesOf(policy: HttpPolicy): Generator<number> {
  const { numRetries, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = policy;
  const { minDelayTarget: min, maxDelayTarget: max } = policy;
  const between = Math.max(0, numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries);
  for (let n = 0; n < numRetries; n++) {
    const inBackoff = n - numNoDelayRetries - numMinDelayRetries;
    if (n < numNoDelayRetries) yield 0;
    else if (inBackoff < 0) yield min;
    else if (inBackoff >= between) yield max;
    else yield backoff(policy, between === 1 ? 1 : inBackoff / (between - 1));
  }
}

/** The pause at a fraction of the way from minimum to maximum. */
function backoff({ minDelayTarget: min, maxDelayTarget: max, backoffFunction }: HttpPolicy, share: number): number {
  const curve: Readonly<Record<string, number>> = { arithmetic: share ** 2, geometric: share ** 3 };
  if (backoffFunction === 'exponential') return min * (max / Math.max(1, min)) ** share;
  return min + (max - min) * (curve[backoffFunction] ?? share);
}

function policyIn(value: unknown): JsonObject {
  return recordOf(typeof value === 'string' ? parseJson(value) : value);
}
