import { Duration } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BucketAccess } from '../../access/bucket';
import { Capability } from '../../access/capability';
import { DECRYPT, throughService } from '../../access/encryption';
import { privateBucket } from '../../private-bucket';
import { wrappedHandler } from '../../wrapped-handler';
import type { HandlerSource, ServiceFunctionProps } from '../../service-function-props';
import { backstop, longest } from '../limits';
import type { PlanNode, SagaPlan } from '../plan';
import { claimShare, KEYS } from './claim';

/** Days that a parked saga's message waits; and, again, that people may take to finish its saga. */
const PARKED_DAYS = 14;
const MARGIN_DAYS = 90;

/** Most steps whose results a policy lists individually; more would not fit. */
const NAMED = 20;

/** Only the prefix of object keys is known in advance. */
const ANY_OBJECT = 'The keys of what a saga leaves are known only when it runs';

/** A bucket for what is too large: objects are deleted once no running or parked saga can need them. */
export function claimsBucket(scope: Construct, plan: SagaPlan): IBucket {
  const bucket = privateBucket(scope, 'Claims');
  const days = Math.ceil((2 * backstop(longest(plan))) / 86_400);
  bucket.addLifecycleRule({ expiration: Duration.days(days + PARKED_DAYS + MARGIN_DAYS) });
  return bucket;
}

/** The steps of a node that store something in the bucket: handlers, and for a distributed list the machine, whatever its action. */
function namesIn(node: PlanNode): readonly string[] {
  const whole = node.kind === 'each' && node.distributed;
  return node.steps.filter(({ action }) => whole || action.kind === 'handler').map(({ name }) => name);
}

/** The handlers of one saga's steps, each with its own access to the bucket. */
export class Claims {
  constructor(
    readonly bucket: IBucket,
    private readonly plan: SagaPlan,
  ) {}

  /** Fetches the input and what earlier steps stored, and stores its own result. */
  action(work: HandlerSource, step: string): ServiceFunctionProps {
    const at = this.plan.nodes.findIndex(({ steps }) => steps.some(({ name }) => name === step));
    const before = this.plan.nodes.slice(0, at);
    const prefixes = [
      KEYS.input,
      ...(before.some(({ steps }) => steps.some(({ action }) => action.callback)) ? [KEYS.answers] : []),
      ...before.flatMap(namesIn).map((name) => `${name}/`),
    ];
    const { statements } = new BucketAccess(this.bucket).write({ prefix: `${step}/` });
    const variables = { STEP: step, BYTES: String(claimShare(this.plan)) };
    return this.wrapped(work, this.take(prefixes).and(new Capability({ variables, statements })));
  }

  /** Fetches whatever any step stored: a saga may turn around anywhere. */
  compensation(work: HandlerSource): ServiceFunctionProps {
    return this.wrapped(work, this.take(['']));
  }

  /** Stores an input that is too large. */
  start(): Capability {
    return this.leave(KEYS.input, {});
  }

  /** Stores an answer that is too large. */
  answer(): Capability {
    return this.leave(KEYS.answers, { CLAIMS_BYTES: String(claimShare(this.plan)) });
  }

  /** Stores what a keeper reads from a history. */
  keep(): Capability {
    const { statements } = new BucketAccess(this.bucket).write({ prefix: KEYS.parked });
    return new Capability({ variables: { '': this.bucket.bucketName }, statements });
  }

  /** Fetches what the lists of these steps are computed from, and stores the lists and their items' results. */
  lists(steps: readonly string[]): Capability {
    const bucket = new BucketAccess(this.bucket);
    return steps.reduce(
      (all, step) => {
        const { statements } = bucket.write({ prefix: `${step}/` });
        return all.and(new Capability({ variables: {}, statements }));
      },
      this.take(['']),
    );
  }

  private leave(prefix: string, variables: Readonly<Record<string, string>>): Capability {
    const { statements } = new BucketAccess(this.bucket).write({ prefix });
    return new Capability({ variables: { CLAIMS: this.bucket.bucketName, ...variables }, statements });
  }

  private take(prefixes: readonly string[]): Capability {
    const { bucket } = this;
    const named = prefixes.length > NAMED ? [''] : prefixes;
    return new Capability({
      variables: { '': bucket.bucketName },
      statements: [
        {
          actions: ['s3:GetObject'],
          resources: named.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
          wildcard: ANY_OBJECT,
        },
        ...throughService(bucket.encryptionKey, 's3', DECRYPT),
      ],
    });
  }

  private wrapped(work: HandlerSource, claims: Capability): ServiceFunctionProps {
    const settings = wrappedHandler(work, 'saga/claims/worker');
    return { ...settings, access: { ...settings.access, SAGA_CLAIMS: claims } };
  }
}
