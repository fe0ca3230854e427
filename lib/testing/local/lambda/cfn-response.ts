import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes the module that Lambda adds to inline code that loads it: it sends a custom resource's response.
 * @param code the inline code
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
 */
export function addCfnResponse(directory: string, code: string): void {
  if (/['"`]cfn-response['"`]/.test(code)) writeFileSync(path.join(directory, 'cfn-response.js'), FOR_NODE);
  if (/^\s*(import|from)\s.*\bcfnresponse\b/m.test(code))
    writeFileSync(path.join(directory, 'cfnresponse.py'), FOR_PYTHON);
}

const FOR_NODE = `'use strict';
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

const FOR_PYTHON = `import json
from urllib.request import Request, urlopen

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    body = {
        "Status": responseStatus,
        "Reason": reason or "See the details in CloudWatch Log Stream: {}".format(context.log_stream_name),
        "PhysicalResourceId": physicalResourceId or context.log_stream_name,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    }
    request = Request(event["ResponseURL"], json.dumps(body).encode(), {"content-type": ""}, method="PUT")
    try:
        with urlopen(request) as response:
            print("Status code:", response.status)
    except Exception as error:
        print("send(..) failed executing http.request(..):", error)
`;
