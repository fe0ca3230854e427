import { whyNotTrusted } from '../../../../lib/testing/local/kernel/trust';

const ROLE = 'arn:aws:iam::123456789012:role/Role';
const trust = (service: string, condition?: Record<string, string>) => ({
  Statement: {
    Effect: 'Allow' as const,
    Action: 'sts:AssumeRole',
    Principal: { Service: service },
    ...(condition && { Condition: { StringEquals: condition } }),
  },
});
const OWN_ACCOUNT = { 'aws:SourceAccount': '123456789012' };

test('a service may assume a role that trusts it without a condition', () => {
  for (const service of ['apigateway.amazonaws.com', 'lambda.amazonaws.com', 'scheduler.amazonaws.com']) {
    expect(whyNotTrusted(ROLE, trust(service), { service })).toBeUndefined();
  }
});

test('refuses a condition on what API Gateway does not send', () => {
  const service = 'apigateway.amazonaws.com';
  expect(whyNotTrusted(ROLE, trust(service, OWN_ACCOUNT), { service })).toBe(
    'its trust policy does not let apigateway.amazonaws.com',
  );
});

test('refuses to guess what a service sends of which that is not known', () => {
  const service = 'lambda.amazonaws.com';
  expect(whyNotTrusted(ROLE, trust(service, OWN_ACCOUNT), { service })).toBe(
    'whether its trust policy lets lambda.amazonaws.com cannot be judged: it is not known what the service sends when it assumes a role',
  );
});

test('Step Functions is trusted as the service of its region as well, and only of its own', () => {
  const arn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:Order';
  const acting = { arn, arnHere: () => arn, properties: {} };
  const why = (name: string) => whyNotTrusted(ROLE, trust(name), { service: 'states.amazonaws.com', acting });
  expect(why('states.eu-west-1.amazonaws.com')).toBeUndefined();
  expect(why('states.us-east-1.amazonaws.com')).toContain('does not let states.amazonaws.com');
});
