import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const region = await new DynamoDBClient({}).config.region();

export const handler = async (event) => ({ region, event, module: import.meta.url.startsWith('file:') });

/** Asks for something that Lambda's runtime does not have. */
export const unbundled = () => import('constructs');
