import { readTemplate } from '../../lib/core/model/read-template';
import { judgeAll } from './rules/faults';

/** An event store as somebody writes it by hand, in SAM, with everything that goes wrong there. */
const TEMPLATE = `
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: { Runtime: nodejs22.x, Handler: index.handler, CodeUri: ./src, Timeout: 10 }
Resources:
  Events:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - { AttributeName: aggregateId, AttributeType: S }
        - { AttributeName: version, AttributeType: N }
      KeySchema:
        - { AttributeName: aggregateId, KeyType: HASH }
        - { AttributeName: version, KeyType: RANGE }
      StreamSpecification: { StreamViewType: NEW_IMAGE }
  ByCustomer:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{ DynamoDBCrudPolicy: { TableName: !Ref Events } }]
      Events:
        Stream:
          Type: DynamoDB
          Properties: { Stream: !GetAtt Events.StreamArn, StartingPosition: LATEST, BatchSize: 100 }
  Revenue:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Stream:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Events.StreamArn
            StartingPosition: TRIM_HORIZON
            MaximumRetryAttempts: 5
            FilterCriteria:
              Filters:
                - Pattern: '{"dynamodb": {"NewImage": {"type": ["OrderPlaced"]}}}'
                - Pattern: '{"dynamodb": {"NewImage": {"version": {"N": [{"numeric": [">", 1]}]}}}}'
                - Pattern: '{"detail": {"type": ["OrderPlaced"]}}'
  Stock:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Stream:
          Type: DynamoDB
          Properties: { Stream: !GetAtt Events.StreamArn, StartingPosition: TRIM_HORIZON, MaximumRetryAttempts: 5 }
`;

test.each([
  ['EventStoreAppendOnly', 'may UpdateItem'],
  ['TableStreamReaders', 'Events'],
  ['StreamFailureDestination', 'Revenue'],
  ['StreamBoundedRetries', 'ByCustomer'],
  ['TableStreamPosition', 'ByCustomer'],
  ['TableStreamFilterShape', 'Revenue'],
  ['TableStreamNumericFilter', 'Revenue'],
  ['FilterUnknownField', 'Revenue'],
  ['RecursiveLoop', 'ByCustomer'],
  ['MappingPartialBatch', 'Stock'],
])('an event store by hand is told what is wrong with it: %s', (rule, said) => {
  const { findings, failures } = judgeAll(readTemplate(TEMPLATE, { name: 'Shop' }));
  expect(failures).toEqual([]);
  expect(findings.filter((finding) => finding.startsWith(`${rule} `))).toContainEqual(expect.stringContaining(said));
});
