import type * as cloudflare from '@pulumi/cloudflare';
import type * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { object, record, text } from '../core/check/kinds';
import { CONSUMER, CONSUMER_NAMES, consumerChecks, type EdgeConsumerArgs, settingsOf } from './consumer-args';
import { createConsumer, createQueues, type Queues } from './queue';
import type { WorkerArgs } from './worker';

/** A queue that an API consumes in addition to requests. */
export interface EdgeConsumesArgs extends EdgeConsumerArgs {
  /**
   * The binding through which the Worker itself sends to the queue: `JOBS`. Other Workers use `api.send(name)`.
   * @default - none
   */
  readonly binding?: string;
}

/** Queues that an API consumes, by names of your choice. */
export type EdgeConsumes = Readonly<Record<string, EdgeConsumesArgs>>;

/** A queue, connected to its Worker. */
export interface ConsumedQueue extends Queues {
  /** Delivers its messages to the Worker. */
  readonly consumer: cloudflare.QueueConsumer;
}

/** Shape of the queues that an API consumes. */
export const CONSUMES = record(
  object<EdgeConsumesArgs>(
    { ...CONSUMER, binding: text('JOBS') },
    "{ maxAttempts: 5, binding: 'JOBS' }",
    CONSUMER_NAMES,
  ),
  "{ jobs: { binding: 'JOBS' } }",
);

/** Suffix of a dead-letter queue's name, before the one of all queues. */
const DEAD_LETTERS = '-dead-letter';

/** Checks of the queues that an API consumes. */
export function consumesChecks({
  access,
  environment,
  secrets,
  consumes = {},
}: WorkerArgs & { consumes?: EdgeConsumes }): Check[] {
  const all = Object.entries(consumes);
  const taken = [
    ...Object.keys({ ...access, ...environment, ...secrets }),
    ...all.flatMap(([, { binding }]) => binding ?? []),
  ];
  const isFirst = (name: string, { queue }: EdgeConsumesArgs) =>
    all.find(([, other]) => other.queue === queue)?.[0] === name;
  return all.flatMap(([name, one]) => [
    {
      prop: `consumes.${name}`,
      value: name,
      valid: () => /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name),
      rule: 'must be named by lower-case letters, digits and dashes',
      remedy: "write 'jobs', for instance",
    },
    {
      prop: `consumes.${name}`,
      value: name,
      valid: () => !name.endsWith(DEAD_LETTERS) || !(name.slice(0, -DEAD_LETTERS.length) in consumes),
      rule: `must not clash with the name of the dead-letter queue of '${name.slice(0, -DEAD_LETTERS.length)}'`,
      remedy: 'rename it',
    },
    ...consumerChecks(one, `consumes.${name}.`),
    {
      prop: `consumes.${name}.queue`,
      value: name,
      valid: () => one.queue === undefined || isFirst(name, one),
      rule: 'must not be consumed twice: a queue has one consumer',
      remedy: 'leave one of them out',
    },
    {
      prop: `consumes.${name}.binding`,
      value: one.binding,
      valid: () =>
        one.binding === undefined ||
        (/^[A-Za-z_$][\w$]*$/.test(one.binding) && taken.filter((other) => other === one.binding).length === 1),
      rule: 'must be a JavaScript identifier that is not used elsewhere in the Worker',
      remedy: 'rename it',
    },
  ]);
}

/** The queues, by name: `<name>-<queue>-queue` and `<name>-<queue>-dead-letter-queue`. */
export function createConsumedQueues(
  parent: pulumi.ComponentResource,
  name: string,
  consumes: EdgeConsumes,
  accountId: pulumi.Input<string>,
): Readonly<Record<string, Queues>> {
  return mapped(consumes, (one, key) => createQueues(parent, `${name}-${key}`, { ...one, accountId }));
}

/** The bindings through which the Worker sends to its own queues. */
export function ownQueueBindings(consumes: EdgeConsumes, queues: Readonly<Record<string, Queues>>) {
  return Object.entries(consumes).flatMap(([key, { binding }]) =>
    binding === undefined ? [] : [{ name: binding, type: 'queue', queueName: queues[key]!.queue.queueName }],
  );
}

/** Connects the queues to their Worker: `<name>-<queue>-consumer`. */
export function createConsumers(
  parent: pulumi.ComponentResource,
  name: string,
  consumes: EdgeConsumes,
  queues: Readonly<Record<string, Queues>>,
  worker: { readonly accountId: pulumi.Input<string>; readonly script: Pick<cloudflare.WorkersScript, 'scriptName'> },
): Readonly<Record<string, ConsumedQueue>> {
  return mapped(consumes, (one, key) => {
    const own = queues[key]!;
    const consumer = createConsumer(parent, `${name}-${key}`, { ...worker, ...own, ...settingsOf(one) });
    return { ...own, consumer };
  });
}

function mapped<T, R>(all: Readonly<Record<string, T>>, of: (one: T, key: string) => R): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(all).map(([key, one]) => [key, of(one, key)]));
}
