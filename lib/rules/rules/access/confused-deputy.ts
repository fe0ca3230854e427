import { ModelAccess } from '../../../core/iam/model-access';
import {
  asksForSource,
  asksWho,
  once,
  resourceStatements,
  servicesOf,
  unread,
  unreadResourceStatements,
} from '../../lookups/statements';
import { listOf, type Statement } from '../../../core/iam/policy';
import type { Rule, RuleContext } from '../../rule';

/** Types whose policies admit services for one purpose; a key’s policy is narrowed by what it encrypts. */
const JUDGED = /^AWS::(?:SQS|SNS|S3|Events|SecretsManager)::/;

/** EventBridge does not reliably send SNS a source to check, and load balancers send none for their logs. */
const namesNoSource = (service: string, type: string): boolean =>
  (service === 'events.amazonaws.com' && type.startsWith('AWS::SNS::')) ||
  service === 'logdelivery.elasticloadbalancing.amazonaws.com';

/** Services that write logs only below the prefix of the account they act for. */
const WRITES_BELOW_ACCOUNT = new Set([
  'cloudtrail.amazonaws.com',
  'config.amazonaws.com',
  'delivery.logs.amazonaws.com',
]);

/** Whether a statement lets a service write only below named accounts: logs of other accounts would go elsewhere. */
function isBelowAccount({ Action, Resource }: Statement): boolean {
  const below = (resource: string) => /\bAWSLogs\/\d{12}\//.test(resource);
  return listOf(Action).every((action) => /^s3:PutObject$/i.test(action)) && listOf(Resource).every(below);
}

export const confusedDeputy: Rule = {
  id: 'ConfusedDeputy',
  severity: 'error',
  title: 'A resource policy that allows a service names the source',
  why: 'Otherwise anyone can make the service act on the resource from their own account.',
  fix: 'add a condition on aws:SourceArn or aws:SourceAccount',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const { statement, holder, property } of resourceStatements(model)) {
    if (statement.Effect !== 'Allow' || !JUDGED.test(holder.type)) continue;
    const services = servicesOf(statement).filter((service) => !namesNoSource(service, holder.type));
    if (services.length === 0 || asksForSource(statement) || asksWho(statement)) continue;
    if (services.every((service) => WRITES_BELOW_ACCOUNT.has(service)) && isBelowAccount(statement)) continue;
    const shown = services.map((service) => ModelAccess.of(model).names.show(service));
    const message = `lets ${shown.join(' and ')} in on behalf of any account`;
    yield { resource: holder, property, message, detail: services.join(',') };
  }
  yield* unreadResourceStatements(model)
    .filter(({ holder }) => JUDGED.test(holder.type))
    .map(unread);
}
