import { createHash } from 'node:crypto';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises'; // not the global one, which a test may have replaced
import type * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../lib/core/check/check';
import { cloudflare as facts } from '../../lib/core/facts';
import { bundle } from '../../lib/edge/bundle';
import { bind, type Capability } from '../../lib/edge/capability';
import { nameCheck } from '../../lib/core/check/component';
import { checkArgs, checkName, checkShape, refuse } from '../../lib/edge/check-args';
import {
  ACCEPT,
  type EdgeAcceptArgs,
  type EdgeChoice,
  type EdgeForwardArgs,
  type EdgeHubArgs,
  type EdgePublishArgs,
  type EdgeSubscribeArgs,
  FORWARD,
  HUB,
  PUBLISH,
  SUBSCRIBE,
  SUBSCRIBE_NAMES,
} from '../../lib/edge/hub-args';
import { PATTERN, QUEUE } from '../../lib/edge/hub-bindings';
import { addressGiven, deliveryChecks, hubChecks, reservedNames, typesGiven } from '../../lib/edge/hub-checks';
import { patternOf } from '../../lib/edge/hub-pattern';
import { createConsumer, createQueues } from '../../lib/edge/queue';
import { createWorker, type Worker } from '../../lib/edge/worker';
import { EdgeApi } from './edge-api';
import { EdgeDatabase } from './edge-database';
import { EdgeQueueWorker } from './edge-queue-worker';

type Late = cloudflare.types.input.WorkersScriptBinding;

/**
 * Choreography between services that know nothing of each other but their events: a queue that takes events in CloudEvents
 * envelopes, a Worker that copies each to the queues of its subscribers, and for each subscription a queue with
 * its consumer and a dead-letter queue.
 *
 * A publisher is bound to a Worker that accepts the source and types it declared, and nothing else. Subscribe before the program
 * awaits anything, so that the bindings of the hub's Worker are known.
 * @example
 * const hub = new EdgeHub('shop');
 * new EdgeApi('api', {
 *   handler: 'workers/api.ts',
 *   access: { HUB: hub.publish({ source: 'shop.orders', types: ['OrderPlaced'] }) },
 * });
 * hub.subscribe('billing', { types: ['OrderPlaced'], handler: 'workers/billing.ts' });
 */
export class EdgeHub extends pulumi.ComponentResource {
  /** Receives what is published. */
  readonly queue: cloudflare.Queue;
  /** Events that could not be put on a subscription's queue; kept for 14 days. */
  readonly deadLetterQueue: cloudflare.Queue;
  /** Copies events to the queues of subscriptions. */
  readonly worker: Worker;
  /** Connects the queue to the Worker. */
  readonly consumer: cloudflare.QueueConsumer;
  private readonly accountId: pulumi.Input<string>;
  private readonly gates = new Map<string, EdgeApi>();
  private readonly bindings: Late[] = [];
  private readonly sources = { accepted: new Set<string>(), forwarded: new Set<string>() };
  private remembered?: EdgeDatabase;
  private settled = false;

  /** @throws InputPropertiesError when the account is not known */
  constructor(
    private readonly name: string,
    args: EdgeHubArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeHub', name, {}, opts);
    checkShape(name, args, HUB);
    const { retryDelay = 300 } = args;
    const handler = shipped('route.ts');
    const code = bundle(name, handler);
    this.accountId = checkArgs(name, args, hubChecks(retryDelay));
    const { accountId } = this;

    const queues = createQueues(this, name, { accountId });
    this.queue = queues.queue;
    this.deadLetterQueue = queues.deadLetterQueue;
    this.worker = createWorker(this, name, { handler, accountId }, code, { late: this.allBindings() });
    const { script } = this.worker;
    const settings = { batch: { size: 100, window: 1 }, maxAttempts: facts.queueRetries.value.max + 1, retryDelay };
    this.consumer = createConsumer(this, name, { accountId, ...queues, script, ...settings });
    this.registerOutputs({ queueName: this.queue.queueName, deadLetterQueueName: this.deadLetterQueue.queueName });
  }

  /** Events that the subscriptions' handlers have processed; created with the first of them. */
  get processed(): EdgeDatabase {
    return (this.remembered ??= new EdgeDatabase(
      `${this.name}-processed`,
      { accountId: this.accountId, migrations: shipped('migrations') },
      { parent: this },
    ));
  }

  /**
   * Publishing events of one source and its types only: for `publisher(env.HUB, ...)` of `lintel/runtime/edge`. It binds a Worker
   * that puts them on the queue; nothing else is bound to the queue itself.
   * @throws InputPropertiesError when source or types are missing
   */
  publish(args: EdgePublishArgs): Capability {
    checkShape(this.name, args, PUBLISH);
    refuse(this.name, [typesGiven(args.types)]);
    const declared = declaredBy(args);
    const id = hashOf(JSON.stringify(declared));
    const made = this.gates.get(id);
    const gate = made ?? this.gate(`publish-${id}`, 'publish.ts', declared, { workersDev: false });
    this.gates.set(id, gate);
    return gate.call();
  }

  /**
   * Delivers events to one Worker, whose handler is `subscriber()` of `lintel/runtime/edge`: a queue holds them while it is down or
   * slow, and what it fails on waits 14 days in a dead-letter queue.
   * @throws InputPropertiesError when it does not say which events, its pattern is invalid, or the program has already awaited
   */
  subscribe(id: string, args: EdgeSubscribeArgs): EdgeQueueWorker {
    const name = this.nameOf('hub.subscribe', id);
    checkShape(name, args, SUBSCRIBE, SUBSCRIBE_NAMES);
    refuse(name, [...deliveryChecks(name, args, this.state), ...reservedNames(args)]);
    const { source, types, detail, maxHops, everything, ...worker } = args;
    return this.deliver(name, { source, types, detail, maxHops, everything }, worker);
  }

  /**
   * Forwards events to another cloud: posts each to an address, signed as in Standard Webhooks. What is not accepted is
   * retried, and finally waits in a dead-letter queue. Events cross clouds only once: those of a source that the hub accepts from
   * elsewhere are not forwarded.
   * @throws InputPropertiesError when it would forward what the hub accepts from elsewhere
   */
  forwardTo(id: string, args: EdgeForwardArgs): EdgeQueueWorker {
    const name = this.nameOf('hub.forwardTo', id);
    checkShape(name, args, FORWARD);
    const { to, secret, maxAttempts = 20, retryDelay = 60, ...choice } = args;
    const sources = [choice.source].flat();
    refuse(name, [...deliveryChecks(name, choice, this.state), addressGiven(to), ...this.once(sources, 'accepted')]);
    for (const source of sources) this.sources.forwarded.add(source);
    const environment = { URL: to };
    const secrets = { SECRET: secret };
    return this.deliver(name, choice, { handler: shipped('post.ts'), environment, secrets, maxAttempts, retryDelay });
  }

  /**
   * Accepts events from another cloud: a Worker to which they are posted, signed as in Standard Webhooks, from one source and of
   * these types. By default a hub accepts nothing from outside.
   * @throws InputPropertiesError when the hub forwards such events to another cloud
   */
  acceptFrom(id: string, args: EdgeAcceptArgs): EdgeApi {
    checkShape(this.nameOf('hub.acceptFrom', id), args, ACCEPT);
    const { source, types, secret, ...routes } = args;
    refuse(`${this.name}-${id}`, [typesGiven(types), ...this.once([source], 'forwarded')]);
    this.sources.accepted.add(source);
    return this.gate(id, 'receive.ts', declaredBy(args), { ...routes, secrets: { SECRET: secret } });
  }

  /** What a method makes has a name that begins with the hub's. */
  private nameOf(method: string, id: string): string {
    refuse(this.name, [nameCheck('id', id, method)]);
    return `${this.name}-${id}`;
  }

  private gate(
    id: string,
    module: string,
    declared: EdgePublishArgs,
    args: Pick<ConstructorParameters<typeof EdgeApi>[1], 'domain' | 'routes' | 'workersDev' | 'secrets'>,
  ): EdgeApi {
    const access = {
      DECLARED: bind({ type: 'json', json: JSON.stringify(declared) }),
      QUEUE: bind({ type: 'queue', queueName: this.queue.queueName }),
    };
    const { accountId } = this;
    return new EdgeApi(
      `${this.name}-${id}`,
      { accountId, handler: shipped(module), access, ...args },
      { parent: this },
    );
  }

  private deliver(
    name: string,
    choice: EdgeChoice,
    args: ConstructorParameters<typeof EdgeQueueWorker>[1],
  ): EdgeQueueWorker {
    const worker = new EdgeQueueWorker(
      name,
      {
        accountId: this.accountId,
        ...args,
        access: { ...args.access, SUBSCRIPTION_PROCESSED: this.processed.readWrite() },
        environment: { ...args.environment, SUBSCRIPTION: name },
      },
      { parent: this },
    );
    const key = hashOf(name);
    this.bindings.push(
      { name: PATTERN + key, type: 'json', json: JSON.stringify(patternOf(choice)) },
      { name: QUEUE + key, type: 'queue', queueName: worker.queue.queueName },
    );
    return worker;
  }

  /** Waits until the program has been evaluated, and so until all subscribers are known. */
  private async allBindings(): Promise<readonly Late[]> {
    await setImmediate();
    this.settled = true;
    return this.bindings;
  }

  private get state() {
    // A subscription has two bindings: its pattern and its queue.
    return { settled: this.settled, subscriptions: this.bindings.length / 2 };
  }

  /** What came from another cloud is not forwarded to one. */
  private once(sources: readonly string[], which: 'accepted' | 'forwarded'): Check[] {
    const rule = { accepted: 'the hub accepts from elsewhere', forwarded: 'the hub forwards' }[which];
    return sources.map((source) => ({
      prop: 'source',
      value: source,
      valid: () => !this.sources[which].has(source),
      rule: `must not be one that ${rule}: events would loop between the clouds`,
      remedy: 'forward events from where they are published',
    }));
  }
}

function shipped(file: string): string {
  return path.relative(process.cwd(), path.join(__dirname, '../../lib/edge/workers/hub', file));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function declaredBy({ source, types }: EdgePublishArgs): EdgePublishArgs {
  return { source, types: [...new Set(types)].sort() };
}
