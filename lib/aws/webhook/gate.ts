import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { signatureHeaders, verify } from './verify';

const client = new SQSClient({});

/** A webhook's gate: puts a request into the queue when its sender has signed it. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const body = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : (event.body ?? '');
  if (Buffer.byteLength(body) > Number(process.env.WEBHOOK_LIMIT)) return answer(413, 'too large');
  const fault = await verify({ ...signatureHeaders(event.headers), body, receivedAt: Date.now() / 1000 });
  if (fault !== undefined) {
    process.stdout.write(
      `${JSON.stringify({ level: 'WARN', message: `webhook refused: ${fault}`, requestId: event.requestContext.requestId })}\n`,
    );
    return answer(401, 'not signed by the sender');
  }
  if (body === '') return answer(400, 'empty');
  await client.send(new SendMessageCommand({ QueueUrl: process.env.WEBHOOK_QUEUE, MessageBody: body }));
  return answer(202, 'accepted');
}

function answer(statusCode: number, status: string): APIGatewayProxyResult {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ status }) };
}
