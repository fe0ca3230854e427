import { type MessageAttributeValue, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { answerToChallenge, isChallenge } from './challenge';
import { header, signatureHeaders, verify } from './verify';

const client = new SQSClient({});
const kept = JSON.parse(process.env.WEBHOOK_HEADERS ?? '[]') as readonly string[];

/** A webhook's gate: queues a request if its signature is valid, and answers the sender's challenges. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  if (event.httpMethod === 'GET') return answerToChallenge(event);
  const body = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : (event.body ?? '');
  if (Buffer.byteLength(body) > Number(process.env.WEBHOOK_LIMIT)) return answer(413, 'too large');
  const { domainName, path, requestId } = event.requestContext;
  const url = `https://${domainName}${path}`;
  const fault = await verify({ ...signatureHeaders(event.headers), url, body, receivedAt: Date.now() / 1000 });
  if (fault !== undefined) {
    process.stdout.write(`${JSON.stringify({ level: 'WARN', message: `webhook refused: ${fault}`, requestId })}\n`);
    return answer(401, 'not signed by the sender');
  }
  if (isChallenge(body)) return answerToChallenge(event, body);
  if (body === '') return answer(400, 'empty');
  const MessageAttributes = attributesOf(event.headers);
  await client.send(
    new SendMessageCommand({ QueueUrl: process.env.WEBHOOK_QUEUE, MessageBody: body, MessageAttributes }),
  );
  return answer(202, 'accepted');
}

function attributesOf(headers: APIGatewayProxyEvent['headers']): Record<string, MessageAttributeValue> {
  const values = kept.map((name) => [name, header(headers, name)] as const).filter(([, value]) => value);
  return Object.fromEntries(values.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]));
}

function answer(statusCode: number, status: string): APIGatewayProxyResult {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ status }) };
}
