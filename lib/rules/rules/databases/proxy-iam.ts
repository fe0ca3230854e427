import { at, eachBranch, inWords, isUnknown, toText } from '../../../core/model/select';
import { each, type Rule, undecided } from '../../rule';

export const proxyIam: Rule = {
  id: 'ProxyIam',
  severity: 'warning',
  title: 'Clients connect to a database proxy with IAM, not a password',
  why: 'Otherwise every client holds a database password, and anyone who finds it can use it from anywhere in the network.',
  fix: 'set IAMAuth to REQUIRED for each secret, or DefaultAuthScheme to IAM_AUTH and leave the secrets out',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-iam-setup.html',
  check: each(['AWS::RDS::DBProxy'], function* (proxy) {
    const whole = at(proxy, 'Auth');
    if (isUnknown(whole)) {
      yield undecided(proxy, 'Auth', whole);
      return;
    }
    for (const branch of eachBranch(whole)) {
      const secrets = Array.isArray(branch.value) ? branch.value.length : 0;
      for (let index = 0; index < secrets; index += 1) {
        const property = `Auth.${index}.IAMAuth`;
        for (const { value, when } of eachBranch(at(branch.value, `${index}.IAMAuth`))) {
          const text = value === undefined ? 'DISABLED' : toText(value);
          if (text === undefined) yield undecided(proxy, property, value!);
          else if (text !== 'REQUIRED') {
            yield {
              resource: proxy,
              property,
              message: `lets clients log in with a password${inWords({ ...branch.when, ...when })}`,
              detail: property,
            };
          }
        }
      }
    }
  }),
};
