'use strict';
const { DynamoDBClient, ...commands } = require('@aws-sdk/client-dynamodb');

const client = new DynamoDBClient({});

/** Sends the command that the event names, and answers with what came of it. */
exports.handler = async ({ command, input }) => {
  try {
    const { $metadata, ...output } = await client.send(new commands[`${command}Command`](input));
    return { output };
  } catch (error) {
    const { name, message, CancellationReasons: reasons } = error;
    return { error: { name, message, status: error.$metadata.httpStatusCode, reasons } };
  }
};
