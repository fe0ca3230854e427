/**
 * A DynamoDB client: `new DynamoDBClient({ ... })` of `@aws-sdk/client-dynamodb`. Using it requires that package, but the types
 * of this one do not.
 */
export interface DynamoDbClient {
  /** Its settings, as resolved by the SDK. */
  readonly config: object;
  /** Executes a command. */
  send(command: never): unknown;
}
