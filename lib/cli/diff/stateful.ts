/** Types that hold data, or an identity that others depend on, according to AWS's own resource specification. */
export interface Specification {
  /** Whether the specification knows a type at all. */
  knows(type: string): boolean;
  /** Whether losing a resource of a type loses what it holds. */
  isStateful(type: string): boolean;
}

/** Types that are not stateful in the specification but still lose something: data, images, keys, addresses. */
const MORE_STATEFUL: ReadonlySet<string> = new Set([
  'AWS::ACMPCA::CertificateAuthority',
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGatewayV2::Api',
  'AWS::AppSync::GraphQLApi',
  'AWS::Cassandra::Keyspace',
  'AWS::Cassandra::Table',
  'AWS::CloudFront::Distribution',
  'AWS::CodeArtifact::Repository',
  'AWS::CodeCommit::Repository',
  'AWS::Cognito::IdentityPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolDomain',
  'AWS::DSQL::Cluster',
  'AWS::EC2::EIP',
  'AWS::ECR::Repository',
  'AWS::ElastiCache::ServerlessCache',
  'AWS::Events::Archive',
  'AWS::IAM::AccessKey',
  'AWS::KMS::ReplicaKey',
  'AWS::Kendra::Index',
  'AWS::KinesisVideo::Stream',
  'AWS::Lambda::Url',
  'AWS::MSK::Cluster',
  'AWS::MSK::ServerlessCluster',
  'AWS::MemoryDB::Cluster',
  'AWS::NeptuneGraph::Graph',
  'AWS::OpenSearchServerless::Collection',
  'AWS::RDS::GlobalCluster',
  'AWS::RedshiftServerless::Namespace',
  'AWS::Route53::HostedZone',
  'AWS::S3Express::DirectoryBucket',
  'AWS::S3Tables::Table',
  'AWS::S3Tables::TableBucket',
  'AWS::S3Vectors::Index',
  'AWS::S3Vectors::VectorBucket',
  'AWS::Timestream::Database',
  'AWS::Timestream::InfluxDBInstance',
  'AWS::Timestream::Table',
]);

/** The part of AWS's resource specification in use. */
interface SpecificationDatabase {
  all(kind: 'resource'): Iterable<{ readonly cloudFormationType: string; readonly isStateful?: boolean }>;
}

let loaded: Specification | undefined;

/** AWS's resource specification, which comes with what compares templates. Read once, since that takes a second. */
export function specification(): Specification {
  return (loaded ??= load());
}

function load(): Specification {
  const beside = [require.resolve('@aws-cdk/cloudformation-diff')];
  const { loadAwsServiceSpecSync } = require(require.resolve('@aws-cdk/aws-service-spec', { paths: beside })) as {
    loadAwsServiceSpecSync(): SpecificationDatabase;
  };
  const types = new Map(
    [...loadAwsServiceSpecSync().all('resource')].map((one) => [one.cloudFormationType, one.isStateful === true]),
  );
  return {
    knows: (type) => types.has(type),
    // A nested stack holds nothing itself: its contents are compared.
    isStateful: (type) =>
      MORE_STATEFUL.has(type) || (types.get(type) === true && type !== 'AWS::CloudFormation::Stack'),
  };
}
