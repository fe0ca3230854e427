import type { BindingKind } from './binding-kind';

/** Queues to send to; see queue-consumers.ts for their consumers. */
export const queue: BindingKind = {
  resources: ['Queue', 'QueueConsumer'],
  options: {
    queue: ({ name, queueName }, values) => ({
      queueProducers: { [name]: { queueName: queueName!, deliveryDelay: values.deliveryDelay(queueName!) } },
    }),
  },
  observed: (graph) => ({
    queueProducers: Object.fromEntries(
      graph.ofKind('Queue').map(({ path, inputs }) => [path, { queueName: String(inputs.queueName) }]),
    ),
  }),
};
