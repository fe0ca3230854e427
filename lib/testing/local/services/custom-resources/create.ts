import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployed } from '../../kernel/deployment';
import { isRecord, type JsonRecord, record, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { ThrottledError } from '../../lambda/function-errors';
import type { Responses } from './responses';

/** How long an answer may come after the function has ended, in milliseconds; CloudFormation waits for an hour. */
const GRACE = 2_000;

/** What became of a custom resource: what `Ref` and `Fn::GetAtt` give of it. */
export interface Created {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives, by name. */
  readonly data: JsonRecord;
}

/**
 * Makes a custom resource as CloudFormation does: its function is called with `Create`, and puts its answer to the
 * `ResponseURL`.
 * @returns otherwise why it was not made
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
export async function create(
  context: LocalContext,
  resource: Deployed,
  responses: Responses,
): Promise<Created | string> {
  const { ServiceToken: token, ...properties } = resource.properties;
  const arn = text(token) ?? '';
  const target = context.functions.target(arn);
  if (!target) return `its provider '${arn}' is no function of the templates`;
  const reason = context.functions.whyNotRunnable(target.function);
  if (reason !== undefined) return `its function '${target.function.deployed.displayName}' does not run: ${reason}`;
  const { url, answer } = responses.next();
  const event = {
    RequestType: 'Create',
    RequestId: randomUUID(),
    ResponseURL: url,
    StackId: resource.stackId,
    ServiceToken: arn,
    ResourceType: resource.type,
    LogicalResourceId: resource.logicalId,
    ResourceProperties: { ServiceToken: arn, ...record(asTexts(properties)) },
  };
  const invoked = context.functions.invoke(target, JSON.stringify(event)).then(
    async ({ error }) => {
      if (error) return `its function failed: ${error.message}`;
      await sleep(GRACE, undefined, { ref: false });
      return 'its function ended without an answer to the ResponseURL: on AWS the stack waits for it for an hour';
    },
    (error: unknown) => {
      if (error instanceof ThrottledError) return `its function is throttled: ${error.reason}`;
      throw error;
    },
  );
  const answered = await Promise.race([answer, invoked]);
  if (typeof answered === 'string') return answered;
  if (answered.Status !== 'SUCCESS') return `its function answered ${text(answered.Status)}: ${text(answered.Reason)}`;
  const physicalId = text(answered.PhysicalResourceId);
  if (physicalId === undefined) return 'its answer has no PhysicalResourceId';
  return { physicalId, data: record(answered.Data) };
}

/** CloudFormation hands over every number and boolean as text. */
function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asTexts(item)]));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
