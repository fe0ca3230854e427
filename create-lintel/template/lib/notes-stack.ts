import path from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EntityTable, ServerlessApi } from 'lintel/aws';

/** People write notes, and read their own. */
export class NotesStack extends Stack {
  readonly api: ServerlessApi;
  readonly notes: EntityTable;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    this.notes = new EntityTable(this, 'Notes', { partitionKey: 'owner', sortKey: 'id' });

    this.api = new ServerlessApi(this, 'Api', {
      // Your identity provider, such as a Cognito user pool. API Gateway fetches its keys when you deploy.
      authorizer: { issuer: 'https://login.example.com', audience: ['__name__'] },
      routes: {
        'POST /notes': { entry: source('write-note.ts'), access: { NOTES: this.notes.append() } },
        'GET /notes/{id}': { entry: source('read-note.ts'), access: { NOTES: this.notes.read() } },
      },
    });

    new CfnOutput(this, 'Url', { value: this.api.url });
  }
}

function source(file: string): string {
  return path.join(__dirname, '../src', file);
}
