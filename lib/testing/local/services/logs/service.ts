import { evaluate, type PolicyDocument } from '../../../../access';
import { AwsError } from '../../kernel/aws-errors';
import type { Deployed } from '../../kernel/deployment';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import type { Delivery, LocalContext, LocalService } from '../../kernel/service';

const GROUP = 'AWS::Logs::LogGroup';
const POLICY = 'AWS::Logs::ResourcePolicy';
/** CDK's API call that replaces a `ResourcePolicy` for a rule's target. */
const CDK_POLICY = 'Custom::CloudwatchLogResourcePolicy';

/** The actions needed to write a line. */
const NEEDED = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/**
 * CloudWatch Logs for services that write to a log group of the templates, such as rules. Functions write to their own.
 */
export function logs(context: LocalContext): LocalService {
  const find = (arn: string) =>
    context.deployment
      .ofType(GROUP)
      .find((group) => withoutEnd(arn) === withoutEnd(text(group.attribute('Arn')) ?? ''));

  async function receive({ target, payload, sender }: Delivery): Promise<void> {
    const group = find(target)!;
    if (!('service' in sender)) {
      throw new AwsError(
        'NO_PERMISSIONS',
        'Services write to a log group by its resource policy, not with a role',
        403,
      );
    }
    const documents = policiesOf(context);
    const { service, arn } = sender;
    const request = {
      resource: `${withoutEnd(target)}:log-stream:events`,
      principal: service,
      context: { 'aws:SourceArn': arn, 'aws:SourceAccount': context.account },
    };
    for (const action of NEEDED) {
      if (documents.some((resourcePolicy) => allows({ ...request, action }, resourcePolicy))) continue;
      throw new AwsError('NO_PERMISSIONS', `No resource policy of CloudWatch Logs lets ${service} do ${action}`, 403);
    }
    context.logs.write(group.displayName, text(payload) ?? JSON.stringify(payload));
  }

  return {
    resourceTypes: [GROUP, POLICY],
    writers: [GROUP],
    receives: (arn) => find(arn) !== undefined,
    receive,
  };
}

function allows(request: Parameters<typeof evaluate>[0], resourcePolicy: PolicyDocument): boolean {
  return evaluate(request, { identity: [], resourcePolicy }).verdict === 'allowed';
}

/** The resource policies of the account's log groups; a denial in one applies to all. */
function policiesOf({ deployment }: LocalContext): readonly PolicyDocument[] {
  const documents = [
    ...deployment.ofType(POLICY).map(({ properties }) => properties.PolicyDocument),
    ...deployment.ofType(GROUP).map(({ properties }) => properties.ResourcePolicyDocument),
    ...deployment.ofType(CDK_POLICY).map(documentOf),
  ].flatMap((document): JsonObject[] => {
    const read = typeof document === 'string' ? parseJson(document) : document;
    return isRecord(read) ? [read] : [];
  });
  if (documents.length === 0) return [];
  const Statement = documents.flatMap((document) => [document.Statement].flat());
  return [{ Version: '2012-10-17', Statement } as PolicyDocument];
}

function documentOf({ properties }: Deployed): unknown {
  const { parameters } = recordOf(parseJson(text(properties.Create) ?? ''));
  return recordOf(parameters).policyDocument;
}

/** A group's ARN from `GetAtt` ends with `:*`; the ARN in a rule does not. */
function withoutEnd(arn: string): string {
  return arn.replace(/:\*$/, '');
}
