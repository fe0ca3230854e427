import { section } from './cdk-assembly';
import { subVariables } from '../core/model/sub-text';
import { isRecord } from '../core/record';

/** Attributes that CloudFormation returns in plain text although they are secrets. */
const SECRET_ATTRIBUTES: Readonly<Record<string, string>> = { 'AWS::IAM::AccessKey': 'SecretAccessKey' };

/** What CloudFormation replaces with the value of a secret. */
const DYNAMIC_REFERENCE = /\{\{resolve:(secretsmanager|ssm-secure):/;

/** Names of the parameters that CloudFormation never shows. */
export function noEchoParameters(template: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const parameters = Object.entries(section(template, 'Parameters'));
  return new Set(parameters.filter(([, one]) => isRecord(one) && String(one.NoEcho) === 'true').map(([name]) => name));
}

/** Names of outputs derived from a `NoEcho` parameter, a dynamic reference or a secret attribute. */
export function secretOutputs(template: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const hidden = noEchoParameters(template);
  const resources = section(template, 'Resources');
  const isSecretAttribute = (logicalId: unknown, attribute: unknown): boolean => {
    const resource = resources[String(logicalId)];
    return isRecord(resource) && SECRET_ATTRIBUTES[String(resource.Type)] === attribute;
  };
  const holdsSecret = (value: unknown): boolean => {
    if (typeof value === 'string') return DYNAMIC_REFERENCE.test(value);
    if (Array.isArray(value)) return value.some(holdsSecret);
    if (!isRecord(value)) return false;
    if (typeof value.Ref === 'string') return hidden.has(value.Ref);
    const attribute = value['Fn::GetAtt'];
    if (attribute !== undefined) {
      const [logicalId, ...path] = typeof attribute === 'string' ? attribute.split('.') : [attribute].flat();
      return isSecretAttribute(logicalId, path.join('.'));
    }
    const text = [value['Fn::Sub']].flat()[0];
    if (typeof text === 'string') {
      if (
        subVariables(text).some(
          (name) => hidden.has(name) || isSecretAttribute(...(name.split('.') as [string, string])),
        )
      )
        return true;
    }
    return Object.values(value).some(holdsSecret);
  };
  const outputs = Object.entries(section(template, 'Outputs'));
  return new Set(outputs.filter(([, output]) => isRecord(output) && holdsSecret(output.Value)).map(([name]) => name));
}
