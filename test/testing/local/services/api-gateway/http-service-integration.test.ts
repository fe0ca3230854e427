import type { LocalContext } from '../../../../../lib/testing/local/kernel/service';
import { callSubtype } from '../../../../../lib/testing/local/services/api-gateway/http-service-integration';

test('attributes of a message that are no JSON are not left out in silence', async () => {
  const context = { region: 'us-east-1', assume: () => ({}) } as unknown as LocalContext;
  const RequestParameters = { QueueUrl: 'q', MessageBody: 'm', MessageAttributes: '{"a": {"StringValue": "b "c""}}' };
  const integration = { IntegrationSubtype: 'SQS-SendMessage', RequestParameters };
  const source = {} as Parameters<typeof callSubtype>[2];
  await expect(callSubtype(context, integration, source)).rejects.toThrow("'MessageAttributes' is not a JSON object");
});
