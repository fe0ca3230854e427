/** Our own message attributes; those for the sender's headers have the headers' names. */
export const ATTRIBUTES = {
  signature: 'lintel.signature',
  timestamp: 'lintel.timestamp',
  id: 'lintel.id',
  url: 'lintel.url',
  receivedAt: 'lintel.receivedAt',
} as const;
