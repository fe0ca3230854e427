'use strict';
// The calls of `ApiGatewayManagementApiClient`, which is not installed with the tests: signed, over HTTPS, to the
// address that handlers build of the event.
const { createHash, createHmac } = require('node:crypto');
const https = require('node:https');
const { SignatureV4 } = require('@smithy/signature-v4');

class Sha256 {
  constructor(secret) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data) {
    this.hash.update(data);
  }
  async digest() {
    return this.hash.digest();
  }
}

const signer = new SignatureV4({
  service: 'execute-api',
  region: process.env.AWS_REGION,
  credentials: {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
    sessionToken: process.env.AWS_SESSION_TOKEN,
  },
  sha256: Sha256,
});

/** Answers `{ status, error, body }`. */
exports.manage = async ({ domainName, stage }, method, id, body) => {
  const { hostname, port } = new URL(`https://${domainName}`);
  const path = `/${stage}/@connections/${encodeURIComponent(id)}`;
  const { headers } = await signer.sign({
    method,
    protocol: 'https:',
    hostname,
    path,
    headers: { host: domainName },
    body,
  });
  return new Promise((resolve, reject) => {
    const answered = (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, error: response.headers['x-amzn-errortype'], body: text }),
      );
    };
    https.request({ method, hostname, port, path, headers }, answered).on('error', reject).end(body);
  });
};
