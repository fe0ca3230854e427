import type { LocalContext } from '../../../../../lib/testing/local/kernel/service';
import { whyServiceNotRun } from '../../../../../lib/testing/local/services/api-gateway/service-integration';

const context = {
  serves: (_: string, request?: { headers: readonly (readonly [string, string])[] }) =>
    request?.headers.some(([name, value]) => name === 'x-amz-target' && value === 'AWSEvents.PutEvents'),
} as unknown as LocalContext;
const Uri = 'arn:aws:apigateway:us-east-1:events:action/PutEvents';

test('an operation may be named by a header that a template sets', () => {
  const template = '#set($context.requestOverride.header.X-Amz-Target = "AWSEvents.PutEvents")\n{}';
  expect(whyServiceNotRun(context, { Uri, RequestTemplates: { 'application/json': template } })).toBeUndefined();
  expect(whyServiceNotRun(context, { Uri, RequestTemplates: { 'application/json': '{}' } })).toBe(
    'events:PutEvents is not served',
  );
});
