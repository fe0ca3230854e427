import type { Bounds, Constraints } from '../../kernel/constraints';

const TOKEN: Bounds = [32, 64];
const STAGE: Bounds = [1, 256];
const VALUE = { ClientRequestToken: TOKEN, SecretString: [1, 65_536] } as const;

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html */
export const CONSTRAINTS: Constraints = {
  BatchGetSecretValue: { MaxResults: [1, 20], SecretIdList: [1, 20] },
  CreateSecret: { ...VALUE, Description: [0, 2048], Name: [1, 512] },
  GetRandomPassword: { PasswordLength: [1, 4096] },
  GetSecretValue: { VersionId: TOKEN, VersionStage: STAGE },
  ListSecretVersionIds: { MaxResults: [1, 100] },
  ListSecrets: { MaxResults: [1, 100] },
  PutSecretValue: { ...VALUE, VersionStages: [1, 20], 'VersionStages[]': STAGE },
  UpdateSecret: { ...VALUE, Description: [0, 2048] },
  UpdateSecretVersionStage: { MoveToVersionId: TOKEN, RemoveFromVersionId: TOKEN, VersionStage: STAGE },
};
