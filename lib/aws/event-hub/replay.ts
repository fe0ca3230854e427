import { Aws, Stack } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type { IConstruct } from 'constructs';
import { Capability } from '../access/capability';
import { atHome } from '../access/target';

/** Which archive to replay, and to whom. */
export interface Replaying {
  readonly hub: IConstruct;
  readonly bus: events.IEventBus;
  readonly archive: events.CfnArchive;
  /** Rules that may receive events again, by subscription name. */
  readonly rules: Readonly<Record<string, string>>;
}

/** Length of the prefix of a replay's name that identifies the hub. */
const PREFIX = 20;

/** Starting, watching and cancelling replays of one archive, to one bus, under names that start with the hub's. */
export function replayOf({ hub, bus, archive, rules }: Replaying): Capability {
  const prefix = `${hub.node.path.replace(/[^\w-]+/g, '-').slice(-PREFIX)}-`;
  const replays = `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:replay/${prefix}*`;
  const wildcard = 'The name of a replay is given when it is started, and is part of its ARN';
  return new Capability({
    variables: {
      '': archive.attrArn,
      BUS: bus.eventBusArn,
      PREFIX: prefix,
      RULES: Stack.of(hub).toJsonString(rules),
    },
    statements: [
      {
        actions: ['events:StartReplay'],
        resources: [archive.attrArn, bus.eventBusArn, replays],
        wildcard,
        of: () => atHome('a hub', bus),
      },
      { actions: ['events:DescribeReplay', 'events:CancelReplay'], resources: [replays], wildcard },
    ],
  });
}
