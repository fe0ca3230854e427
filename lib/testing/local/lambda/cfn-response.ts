/**
 * The module that Lambda adds to inline code that requires it: it sends a custom resource's response.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
 */
export const CFN_RESPONSE = `'use strict';
const https = require('https');
exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';
exports.send = (event, context, Status, Data, physicalId, NoEcho = false) =>
  new Promise((resolve, reject) => {
    const { StackId, RequestId, LogicalResourceId } = event;
    const body = JSON.stringify({
      Status,
      Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
      PhysicalResourceId: physicalId || context.logStreamName,
      StackId,
      RequestId,
      LogicalResourceId,
      NoEcho,
      Data,
    });
    const { hostname, pathname: path } = new URL(event.ResponseURL);
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const request = https.request({ hostname, port: 443, path, method: 'PUT', headers }, () => {
      resolve(context.done());
    });
    request.on('error', (error) => reject(context.done(error)));
    request.end(body);
  });
`;
