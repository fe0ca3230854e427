import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import { passwordFault } from './password';

/** Characters of a secret's name. */
const NAME = /^[\w/+=.@!-]{1,512}$/;
/** Bytes of a value. */
const LARGEST = 65_536;

/** What is wrong with the name of a secret, in the service's words; undefined if it is fine. */
export function nameFault(name: string): string | undefined {
  return NAME.test(name)
    ? undefined
    : 'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!';
}

/**
 * Why Secrets Manager refuses to create a template's secret; empty if it accepts it.
 * @param properties with null for what is not known
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html
 */
export function secretFaults(properties: JsonObject): readonly string[] {
  const { Name, SecretString, GenerateSecretString } = properties;
  const faults = [
    ...(text(Name) === undefined ? [] : [nameFault(text(Name)!)]),
    ...(SecretString !== undefined && GenerateSecretString !== undefined
      ? ['SecretString and GenerateSecretString cannot both be set']
      : []),
    ...(Buffer.byteLength(text(SecretString) ?? '') > LARGEST ? [`a value has at most ${LARGEST} bytes`] : []),
    ...(isRecord(GenerateSecretString)
      ? [passwordFault(GenerateSecretString), templateFault(recordOf(GenerateSecretString))]
      : []),
  ];
  return faults.filter((fault) => fault !== undefined);
}

function templateFault(generated: JsonObject): string | undefined {
  if (generated.SecretStringTemplate === null || generated.GenerateStringKey === null) return undefined;
  const [template, key] = [text(generated.SecretStringTemplate) ?? '', text(generated.GenerateStringKey) ?? ''];
  if ((template === '') !== (key === '')) {
    return 'SecretStringTemplate and GenerateStringKey must both be set or removed.';
  }
  return template === '' || isRecord(parseJson(template)) ? undefined : 'Failed to parse SecretStringTemplate as JSON.';
}
