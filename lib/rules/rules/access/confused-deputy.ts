import { asksForSource, asksWho, openCondition, resourceStatements, servicesOf } from '../../lookups/resource-policies';
import { type Rule } from '../../rule';

/** Types whose policies let services in for one purpose; the policy of a key is narrowed by what it encrypts. */
const JUDGED = /^AWS::(?:SQS|SNS|S3|Events|SecretsManager)::/;

/** A resource policy that lets a service in says for whose sake. */
export const confusedDeputy: Rule = {
  id: 'ConfusedDeputy',
  severity: 'error',
  title: 'A resource policy that lets a service in names the source',
  why: 'Otherwise anybody can have the service act on the resource for one of their own, in another account.',
  fix: 'add a condition on aws:SourceArn or aws:SourceAccount',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
  *check({ model }) {
    for (const statement of resourceStatements(model)) {
      if (statement.effect !== 'Allow' || !JUDGED.test(statement.holder.type)) continue;
      // EventBridge does not reliably give SNS a source to ask for.
      const services = servicesOf(statement).filter(
        (service) => service !== 'events.amazonaws.com' || !statement.holder.type.startsWith('AWS::SNS::'),
      );
      if (services.length === 0 || asksForSource(statement) || asksWho(statement)) continue;
      const reason = openCondition(statement);
      if (reason) {
        yield { resource: statement.holder, property: `${statement.property}.Condition`, reason };
        continue;
      }
      yield {
        resource: statement.holder,
        property: statement.property,
        message: `lets ${services.join(' and ')} in for anybody`,
        detail: services.join(','),
      };
    }
  },
};
