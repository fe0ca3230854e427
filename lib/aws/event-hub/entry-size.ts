import { CfnResource, type Size, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { Check } from '../../core/check/check';
import { entrySize } from '../../core/facts/events';
import { messageSize as topicMessage } from '../../core/facts/sns';
import { messageSize as queueMessage } from '../../core/facts/sqs';
import { payloadSize } from '../../core/facts/step-functions';
import { isRecord } from '../../core/record';

/** Bytes of an entry where the hub says nothing, which every target takes. */
export const DEFAULT_ENTRY = 262_144;
/** Bytes of what stands around an entry when it is delivered, and of what is said of it in a dead-letter queue. */
const AROUND = 4096;
/** Most bytes of an entry that a queue, and a dead-letter queue, still take. */
const MOST = entrySize.value - AROUND;

/** Whether a size is one of an entry. */
export function entrySizeChecks(size: Size | undefined): Check[] {
  const bytes = size?.toBytes();
  return [
    {
      prop: 'maxEntrySize',
      value: bytes,
      valid: () => bytes === undefined || (Number.isInteger(bytes) && bytes >= DEFAULT_ENTRY && bytes <= MOST),
      rule: `must be ${DEFAULT_ENTRY} to ${MOST} bytes: 1 MiB, less what the bus and a dead-letter queue put around it`,
      remedy: "write Size.kibibytes(1020), or give a 'claimCheck' for larger data",
    },
  ];
}

/** The targets of rules on a bus that do not take an entry of so many bytes. They may stand in any stack of the app. */
export function tooSmallTargets(bus: events.IEventBus, bytes: number): string[] {
  if (bytes <= DEFAULT_ENTRY) return [];
  const all = bus.node.root.node.findAll();
  const resources = all.filter(CfnResource.isCfnResource);
  return all
    .filter((one): one is events.CfnRule => one instanceof events.CfnRule)
    .filter((rule) => names(rule, rule.eventBusName, bus.node.defaultChild as CfnResource))
    .flatMap((rule) =>
      targetsOf(rule).flatMap((target) =>
        resources.flatMap((resource) => {
          const most = limitOf(resource);
          const said = [isRecord(target) ? (target.Arn ?? target.arn) : undefined, dead(target)];
          if (most === undefined || most >= bytes + AROUND || !said.some((one) => names(rule, one, resource)))
            return [];
          return [
            `'maxEntrySize' must be what the targets of the bus take, got ${bytes} bytes: ${resource.node.path}, a target of ` +
              `${rule.node.path}, takes ${most}; lower it, give the hub a 'claimCheck', or put a queue between them (${bus.node.scope!.node.path})`,
          ];
        }),
      ),
    );
}

/** Bytes that a target takes, where that is less than a bus does. */
function limitOf(resource: CfnResource): number | undefined {
  switch (resource.cfnResourceType) {
    case 'AWS::SNS::Topic':
      return topicMessage.value;
    case 'AWS::StepFunctions::StateMachine':
      return payloadSize.value;
    case 'AWS::SQS::Queue': {
      const { maximumMessageSize } = resource as CfnQueue;
      return maximumMessageSize ?? queueMessage.value.max;
    }
    default:
      return undefined;
  }
}

function targetsOf(rule: events.CfnRule): readonly unknown[] {
  const targets = Stack.of(rule).resolve(rule.targets) as unknown;
  return Array.isArray(targets) ? (targets as unknown[]) : [];
}

function dead(target: unknown): unknown {
  if (!isRecord(target)) return undefined;
  const config = target.DeadLetterConfig ?? target.deadLetterConfig;
  return isRecord(config) ? (config.Arn ?? config.arn) : undefined;
}

/** Whether a value of a stack refers to a resource: of the same stack, or by an export, whose name has its id. */
function names(place: IConstruct, value: unknown, resource: CfnResource): boolean {
  const stack = Stack.of(place);
  const id = stack.resolve(resource.logicalId) as string;
  const said = JSON.stringify(stack.resolve(value) ?? '');
  return Stack.of(resource) === stack
    ? said.includes(`"${id}"`)
    : said.includes(`Ref${id}`) || said.includes(`GetAtt${id}`);
}
