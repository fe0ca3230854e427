'use strict';
const { getParameter } = require('@aws-lambda-powertools/parameters/ssm');
const { getSecret } = require('@aws-lambda-powertools/parameters/secrets');

/** Reads its configuration the way that Powertools does. */
exports.handler = async () => ({
  parameter: await getParameter(process.env.PARAMETER),
  secret: await getSecret(process.env.SECRET),
  given: await getSecret('given', { transform: 'json' }),
});
