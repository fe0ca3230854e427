import { AwsIntegration, PassthroughBehavior } from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ENCRYPT, throughService } from '../access/encryption';
import { CALLS } from '../../core/iam/platform-actions';

/** How a request becomes a queue message. */
export interface QueueIntegrationProps {
  readonly queue: IQueue;
  /** Headers to send as message attributes if present, by attribute name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Message attributes that the gateway sets itself, as mapping template expressions, by name. */
  readonly context: Readonly<Record<string, string>>;
  /** Accepted media types. */
  readonly contentTypes: readonly string[];
}

/** Status codes of the gateway, by what SQS answers. */
export const QUEUED = { accepted: '202', refused: '413', failed: '503' };

/**
 * Puts a REST API's request straight into a queue, without a function: the body byte for byte, and as message attributes the named
 * headers and what the gateway knows. SQS accepts it (202), refuses it as too large (413), or fails (503), which tells a
 * sender to retry. API Gateway turns an empty body into `{}`.
 */
export function queueIntegration(scope: Construct, props: QueueIntegrationProps): AwsIntegration {
  const { queue, contentTypes } = props;
  // No condition on `aws:SourceAccount`: API Gateway does not send it for integrations, and would answer every request with 500.
  const role = new iam.Role(scope, 'ApiRole', { assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com') });
  const key = throughService(queue.encryptionMasterKey, 'sqs', ENCRYPT);
  for (const { actions, resources, conditions } of [
    { actions: CALLS.queue.granted, resources: [queue.queueArn], conditions: undefined },
    ...key,
  ]) {
    role.addToPolicy(new iam.PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
  }
  return new AwsIntegration({
    service: 'sqs',
    path: `${queue.env.account}/${queue.queueName}`,
    integrationHttpMethod: 'POST',
    options: {
      credentialsRole: role,
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
      requestTemplates: Object.fromEntries(contentTypes.map((type) => [type, template(props)])),
      integrationResponses: [
        { statusCode: QUEUED.accepted, responseTemplates: answer('accepted') },
        { statusCode: QUEUED.refused, selectionPattern: '400', responseTemplates: answer('too large') },
        { statusCode: QUEUED.failed, selectionPattern: '(40[1-9]|5\\d\\d)', responseTemplates: answer('try again') },
      ],
    },
  });
}

/**
 * One line, because a line break would become part of the form. Header names keep the client's case, and
 * SQS accepts neither an empty attribute nor a gap in their numbering.
 */
function template({ headers, context }: QueueIntegrationProps): string {
  const own = Object.entries(context).map(
    ([name, value], index) => `${attribute(String(index + 1), name)}$util.urlEncode("${value}")`,
  );
  const sent = Object.entries(headers).map(
    ([name, header]) =>
      `#if($name.toLowerCase() == '${header.toLowerCase()}' && $headers.get($name) != '')#set($n = $n + 1)` +
      `${attribute('${n}', name)}$util.urlEncode($headers.get($name))#end`,
  );
  return (
    `#set($headers = $input.params().header)#set($n = ${own.length})` +
    `Action=SendMessage&MessageBody=$util.urlEncode($input.body)${own.join('')}` +
    `#foreach($name in $headers.keySet())${sent.join('')}#end`
  );
}

/** An attribute up to its value. */
function attribute(number: string, name: string): string {
  const prefix = `&MessageAttribute.${number}`;
  return `${prefix}.Name=${name}${prefix}.Value.DataType=String${prefix}.Value.StringValue=`;
}

function answer(status: string): Record<string, string> {
  return { 'application/json': JSON.stringify({ status }) };
}
