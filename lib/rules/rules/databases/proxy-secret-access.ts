import { ModelAccess } from '../../../core/iam/model-access';
import { at, items } from '../../../core/model/select';
import { judgeRole } from '../../lookups/role-judgements';
import { each, type Rule } from '../../rule';

export const proxySecretAccess: Rule = {
  id: 'ProxySecretAccess',
  severity: 'error',
  title: 'A database proxy may read the secrets it logs in with',
  why: 'Otherwise it refuses every client as that user, and says only that authentication failed.',
  fix: 'allow the role of the proxy secretsmanager:GetSecretValue on the secret (in CDK secret.grantRead(role))',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-iam-setup.html',
  check: each(['AWS::RDS::DBProxy'], function* (proxy, { model }) {
    const { names } = ModelAccess.of(model);
    for (const [index, auth] of items(at(proxy, 'Auth')).entries()) {
      const arn = names.arnOf(at(auth, 'SecretArn'), proxy.template);
      if (arn === undefined) continue;
      const property = `Auth.${index}.SecretArn`;
      yield* judgeRole(
        model,
        {
          runner: proxy,
          role: 'RoleArn',
          actions: ['secretsmanager:GetSecretValue'],
          on: [arn],
          place: { resource: proxy, property, detail: property },
        },
        (missing) => `logs in with ${names.show(arn)}, but its role lacks ${missing}`,
      );
    }
  }),
};
