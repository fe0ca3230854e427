/** Beginnings of the names under which the Worker of a hub finds the patterns of subscriptions, and their queues. */
export const PATTERN = 'PATTERN_';
export const QUEUE = 'QUEUE_';
