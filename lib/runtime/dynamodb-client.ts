/**
 * A client of DynamoDB: `new DynamoDBClient({ ... })` of `@aws-sdk/client-dynamodb`. What it is for here needs that package, and
 * the types of this one do not.
 */
export interface DynamoDbClient {
  /** Its settings, as the SDK has worked them out. */
  readonly config: object;
  /** Does what a command says. */
  send(command: never): unknown;
}
