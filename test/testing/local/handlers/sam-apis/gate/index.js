'use strict';
// Lets in who says so, in the format that each kind of API expects.
exports.handler = async ({ version, authorizationToken, headers, methodArn }) => {
  if (version === '2.0') return { isAuthorized: headers.authorization === 'let me in' };
  const Effect = authorizationToken === 'let me in' ? 'Allow' : 'Deny';
  const Statement = [{ Action: 'execute-api:Invoke', Effect, Resource: methodArn }];
  return { principalId: 'ann', policyDocument: { Version: '2012-10-17', Statement } };
};
