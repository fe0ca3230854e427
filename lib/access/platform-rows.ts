import { expand } from '../core/iam/action-set';
import type { ModelAccess } from '../core/iam/model-access';
import type { Principal, PrincipalKind } from '../core/iam/principals';
import type { Model, Resource } from '../core/model/model';
import { displayName } from '../core/model/display';
import type { Widening } from './widening';

/** Actions for logs, traces and network interfaces, outside the handler's control. */
const OWN_UPKEEP: ReadonlySet<string> = new Set([
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'xray:GetSamplingRules',
  'xray:GetSamplingStatisticSummaries',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ec2:GetSecurityGroupsForVpc',
  'ec2:UnassignPrivateIpAddresses',
]);

/** Services that call functions because a template says so, rather than code. */
const CALLERS: readonly PrincipalKind[] = ['api', 'rule', 'schedule', 'topic', 'bucket'];

/** Resources that represent a function. */
const QUALIFIED: readonly string[] = ['AWS::Lambda::Alias', 'AWS::Lambda::Version'];

/** Types with their own role, and so their own logs and traces. */
const WORKERS: readonly PrincipalKind[] = ['function', 'state machine', 'api', 'pipe', 'task'];

/**
 * Recognises new access that only serves the platform: a new resource's logs, traces and network interfaces, and calls
 * of a new function by an API, rule, schedule, topic or bucket of the template. Every route adds some.
 */
export class PlatformRows {
  private readonly before: ReadonlySet<string>;

  /** @param base the earlier model */
  constructor(
    base: Model,
    private readonly head: ModelAccess,
  ) {
    this.before = new Set([...base.resources.values()].map(displayName));
  }

  /** Whether a widening is one of those. */
  includes(principal: Principal, { grant, actions, resource }: Widening): boolean {
    if (grant.problem !== undefined || grant.effect === 'Deny' || actions.negated) return false;
    const names = [...expand(actions)];
    const isNew = WORKERS.includes(principal.kind) && !this.before.has(principal.name);
    if (isNew && names.every((name) => OWN_UPKEEP.has(name))) return true;
    const target = this.functionAt(resource);
    return (
      CALLERS.includes(principal.kind) &&
      target !== undefined &&
      !this.before.has(displayName(target)) &&
      names.every((name) => name === 'lambda:InvokeFunction')
    );
  }

  /** The function of an ARN, by itself or by an alias or version of it. */
  private functionAt(arn: string): Resource | undefined {
    const { names } = this.head;
    const found = names.find(arn)?.resource;
    if (found?.type === 'AWS::Lambda::Function') return found;
    const [fn] = names.index.named(found?.properties.FunctionName, found?.template ?? '', 'AWS::Lambda::Function');
    return found && QUALIFIED.includes(found.type) ? fn : undefined;
  }
}
