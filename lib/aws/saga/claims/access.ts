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

/** Days that the message of a parked saga waits; and how long people may take to see its saga to the end. */
const PARKED_DAYS = 14;
const MARGIN_DAYS = 90;

/** Steps whose results a policy names one by one; more would not fit into it. */
const NAMED = 20;

/** Where the keys of objects begin is known, and nothing else. */
const ANY_OBJECT = 'The keys of what a saga leaves are known only when it runs';

/** A bucket for what is too large: what is left there is deleted once no saga that ran or was parked can need it. */
export function claimsBucket(scope: Construct, plan: SagaPlan): IBucket {
  const bucket = privateBucket(scope, 'Claims');
  const life = Math.ceil((2 * backstop(longest(plan))) / 86_400);
  bucket.addLifecycleRule({ expiration: Duration.days(life + PARKED_DAYS + MARGIN_DAYS) });
  return bucket;
}

/** The steps of a node that leave something in the bucket: handlers, and for a distributed list the machine, whatever its action is. */
function leavers(node: PlanNode): readonly string[] {
  const whole = node.kind === 'each' && node.distributed;
  return node.steps.filter(({ action }) => whole || action.kind === 'handler').map(({ name }) => name);
}

/** The handlers of the steps of one saga, each with what it may read and write in the bucket. */
export class Claims {
  constructor(
    readonly bucket: IBucket,
    private readonly plan: SagaPlan,
  ) {}

  /** Takes the input and what the steps before have left, and leaves its own result. */
  action(work: HandlerSource, step: string): ServiceFunctionProps {
    const at = this.plan.nodes.findIndex(({ steps }) => steps.some(({ name }) => name === step));
    const before = this.plan.nodes.slice(0, at);
    const prefixes = [
      KEYS.input,
      ...(before.some(({ steps }) => steps.some(({ action }) => action.callback)) ? [KEYS.answers] : []),
      ...before.flatMap(leavers).map((name) => `${name}/`),
    ];
    const { statements } = new BucketAccess(this.bucket).write({ prefix: `${step}/` });
    const variables = { STEP: step, BYTES: String(claimShare(this.plan)) };
    return this.wrapped(work, this.take(prefixes).and(new Capability({ variables, statements })));
  }

  /** Takes whatever was left, by whichever step: a saga may turn round anywhere. */
  compensation(work: HandlerSource): ServiceFunctionProps {
    return this.wrapped(work, this.take(['']));
  }

  /** Leaves an input that is too large. */
  start(): Capability {
    return this.leave(KEYS.input, {});
  }

  /** Leaves an answer that is too large. */
  answer(): Capability {
    return this.leave(KEYS.answers, { CLAIMS_BYTES: String(claimShare(this.plan)) });
  }

  /** Leaves what a keeper reads of a history. */
  keep(): Capability {
    const { statements } = new BucketAccess(this.bucket).write({ prefix: KEYS.parked });
    return new Capability({ variables: { '': this.bucket.bucketName }, statements });
  }

  /** Takes whatever the lists of these steps are read from, and leaves the lists, and what becomes of their items. */
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
