/** Attributes of a webhook's message that are ours; those of the sender's headers have the headers' names. */
export const ATTRIBUTES = {
  signature: 'lintel.signature',
  timestamp: 'lintel.timestamp',
  id: 'lintel.id',
  url: 'lintel.url',
  receivedAt: 'lintel.receivedAt',
} as const;
