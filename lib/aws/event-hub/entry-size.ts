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

/** Default maximum size of an entry in bytes, which every target accepts. */
export const DEFAULT_ENTRY = 262_144;
/** Bytes wrapped around an entry on delivery, and by a dead-letter queue. */
const AROUND = 4096;
/** Largest entry in bytes that a queue and a dead-letter queue still accept. */
const MOST = entrySize.value - AROUND;

/** Checks of an entry size. */
export function entrySizeChecks(size: Size | undefined): Check[] {
  const bytes = size?.toBytes();
  return [
    {
      prop: 'maxEntrySize',
      value: bytes,
      valid: () => bytes === undefined || (Number.isInteger(bytes) && bytes >= DEFAULT_ENTRY && bytes <= MOST),
      rule: `must be ${DEFAULT_ENTRY} to ${MOST} bytes: 1 MiB, less what the bus and a dead-letter queue wrap around it`,
      remedy: "write Size.kibibytes(1020), or give a 'claimCheck' for larger data",
    },
  ];
}

/** Targets of a bus's rules that do not accept entries of this size, in any stack of the app. */
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
          const arns = [isRecord(target) ? (target.Arn ?? target.arn) : undefined, dead(target)];
          if (most === undefined || most >= bytes + AROUND || !arns.some((one) => names(rule, one, resource)))
            return [];
          return [
            `'maxEntrySize' must be a size that the targets of the bus accept, got ${bytes} bytes: ${resource.node.path}, a target of ` +
              `${rule.node.path}, takes ${most}; lower it, give the hub a 'claimCheck', or put a queue between them (${bus.node.scope!.node.path})`,
          ];
        }),
      ),
    );
}

/** Bytes that a target accepts, if less than a bus does. */
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

/** Whether a value in a stack refers to a resource: in the same stack, or through an export, whose name contains its id. */
function names(place: IConstruct, value: unknown, resource: CfnResource): boolean {
  const stack = Stack.of(place);
  const id = stack.resolve(resource.logicalId) as string;
  const json = JSON.stringify(stack.resolve(value) ?? '');
  return Stack.of(resource) === stack
    ? json.includes(`"${id}"`)
    : json.includes(`Ref${id}`) || json.includes(`GetAtt${id}`);
}
