export const graphql = {
  Api: {
    Type: 'AWS::AppSync::GraphQLApi',
    Properties: {
      Name: 'shop',
      AuthenticationType: 'AWS_IAM',
      XrayEnabled: true,
      LogConfig: { FieldLogLevel: 'ERROR', CloudWatchLogsRoleArn: 'arn:aws:iam::111122223333:role/logs' },
    },
  },
};
