/** Name prefixes of the bindings in which a hub's Worker finds subscriptions' patterns and queues. */
export const PATTERN = 'PATTERN_';
export const QUEUE = 'QUEUE_';
