import type { Constraints } from '../../kernel/constraints';

const ARCHIVE = { ArchiveName: [1, 48], Description: [0, 512], EventPattern: [0, 4096] } as const;

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
export const CONSTRAINTS: Constraints = {
  CreateArchive: ARCHIVE,
  ListArchives: { Limit: [1, 100] },
  ListReplays: { Limit: [1, 100] },
  PutEvents: { 'Entries[].Resources[]': [0, 2048], 'Entries[].TraceHeader': [1, 500] },
  StartReplay: { Description: [0, 512], ReplayName: [1, 64] },
  UpdateArchive: ARCHIVE,
};
