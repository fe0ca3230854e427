import { ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { functionTimeout } from '../../../core/facts/lambda';
import { CALLS } from '../../../core/iam/platform-actions';
import { acknowledgeWildcards } from '../../access/apply';
import { BucketAccess } from '../../access/bucket';
import { Capability } from '../../access/capability';
import { atHome } from '../../access/target';
import { keyOf, throughService } from '../../access/encryption';
import { KEY_READ } from '../../access/table';
import { timeoutOf } from '../../handler-settings';
import { document, loggedMachine } from '../../logged-machine';
import { ServiceFunction, triggerOf } from '../../service-function';
import { shippedModule } from '../../shipped-module';
import { onTable, unnamed } from '../store-access';
import { LABELS, LISTER_TIMEOUT, replayDefinition } from './definition';

/** Props of a `ProjectionReplay`. */
export interface ReplayProps {
  /** The projection's id, as its handler uses it. */
  readonly projection: string;
  /** Its function. */
  readonly handler: lambda.Function;
  readonly events: ITable;
  readonly checkpoints: ITable;
  /** Lists the aggregates of a store. */
  readonly lister: ServiceFunction;
  /** Bucket with exports of the events. */
  readonly exports?: IBucket;
  /** Parts replayed at once. */
  readonly concurrency: number;
  /** Whether to publish the events of a period again, instead of rebuilding models. */
  readonly publishes?: boolean;
}

/**
 * The state machine that lets a projection catch up with all or some aggregates while live events continue: both advance
 * the same checkpoints, so each event counts once, whichever comes first.
 */
export class ProjectionReplay extends Construct {
  /** The state machine. */
  readonly machine: StateMachine;
  private readonly props: ReplayProps;

  constructor(scope: Construct, id: string, props: ReplayProps) {
    super(scope, id);
    this.props = props;
    const { projection, handler, events, checkpoints, lister, exports, concurrency } = props;
    const functions = [triggerOf(handler).functionArn, lister.trigger.functionArn];
    const files = exports ? new BucketAccess(exports).read().statements : [];
    this.machine = loggedMachine(this, {
      definition: replayDefinition({
        partition: Aws.PARTITION,
        projection,
        handler: functions[0]!,
        handlerTimeout: timeoutOf(handler) ?? functionTimeout.value.max,
        lister: functions[1]!,
        events: events.tableName,
        checkpoints: checkpoints.tableName,
        exports: exports?.bucketName,
        concurrency,
        publishes: props.publishes,
      }),
      policies: {
        Functions: document([{ actions: CALLS.function.granted, resources: functions }]),
        Tables: document([
          { actions: ['dynamodb:DescribeTable'], resources: [events.tableArn] },
          ...onTable(checkpoints, ['PutItem']),
        ]),
        ...(exports && { Exports: document(files) }),
      },
    });
    for (const statement of files) acknowledgeWildcards(this.machine.role.node.defaultChild!, statement);
    this.admit();
  }

  /** Starts, inspects and redrives replays. */
  access(): Capability {
    const { machine, props } = this;
    const wildcard = 'The name of a replay is part of its ARN, and is known only when it is started';
    return new Capability({
      variables: {
        '': machine.stateMachineArn,
        CHECKPOINTS: props.checkpoints.tableName,
        PROJECTION: props.projection,
      },
      statements: [
        {
          actions: CALLS.stateMachine.granted,
          resources: [machine.stateMachineArn],
          of: () => atHome('a replay', machine),
        },
        {
          actions: [
            'states:DescribeExecution',
            'states:ListMapRuns',
            'states:RedriveExecution',
            'states:StopExecution',
          ],
          resources: [this.arn('execution', ':*')],
          wildcard,
        },
        {
          actions: ['states:DescribeExecution'],
          resources: this.labels.map((label) => this.arn('execution', `/${label}:*`)),
          wildcard,
        },
        {
          actions: ['states:ListExecutions'],
          resources: this.labels.map((label) => this.arn('mapRun', `/${label}:*`)),
          wildcard,
        },
        ...onTable(props.checkpoints, ['GetItem', 'Query']),
      ],
    });
  }

  /** Lets a distributed map start executions of its own machine; a separate policy, since the machine must exist first. */
  private admit(): void {
    const wildcard = 'The names of what a distributed map runs are part of their ARNs, and are known only when it runs';
    const statements = [
      { actions: CALLS.stateMachine.granted, resources: [this.machine.stateMachineArn] },
      {
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: [this.arn('execution', ':*')],
        wildcard,
      },
      {
        actions: ['states:RedriveExecution'],
        resources: this.labels.map((label) => this.arn('execution', `/${label}:*`)),
        wildcard,
      },
    ];
    const policy = new iam.Policy(this, 'Parts', { document: document(statements), roles: [this.machine.role] });
    for (const statement of statements) acknowledgeWildcards(policy, statement);
  }

  private get labels(): readonly string[] {
    return [LABELS.replay, ...(this.props.exports ? [LABELS.files] : [])];
  }

  private arn(resource: 'execution' | 'mapRun', ending: string): string {
    const resourceName = `${this.machine.stateMachineName}${ending}`;
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    return Stack.of(this).formatArn({ service: 'states', resource, resourceName, arnFormat });
  }
}

/** The function that lists a store's aggregates for all its replays. It reads ids, versions and times, but no data. */
export function replayLister(scope: Construct, events: ITable, exports?: IBucket): ServiceFunction {
  const scan = new Capability({
    variables: { '': events.tableName },
    statements: [
      { actions: ['dynamodb:Scan'], resources: [events.tableArn] },
      ...throughService(keyOf(events), 'dynamodb', KEY_READ),
    ],
  });
  return new ServiceFunction(scope, 'Lister', {
    entry: shippedModule('event-store/replay/lister'),
    timeout: Duration.seconds(LISTER_TIMEOUT),
    memorySize: 512,
    onFailure: 'none',
    access: { EVENTS: exports ? scan.and(unnamed(new BucketAccess(exports).read())) : scan },
  });
}
