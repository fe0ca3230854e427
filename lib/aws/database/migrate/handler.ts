/** Makes users and applies migrations, as CloudFormation asks. */
export const handler = (): Promise<void> =>
  Promise.reject(new Error('No migration can be applied yet: the runner is not part of this version'));
