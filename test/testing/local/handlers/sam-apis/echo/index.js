'use strict';
// Answers with what arrived, and the id of the user pool.
exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ ...event, pool: process.env.POOL }) });
