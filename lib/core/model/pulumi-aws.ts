import { APIS } from './aws-types/apis';
import type { AwsType } from './aws-types/aws-type';
import { DATA } from './aws-types/data';
import { FUNCTIONS } from './aws-types/functions';
import { HOSTS } from './aws-types/hosts';
import { IDENTITIES } from './aws-types/identities';
import { MESSAGES } from './aws-types/messages';
import { NATIVE_FACTS } from './aws-types/native-facts';

export type { AwsType } from './aws-types/aws-type';

/** By the provider's type token; generations of a type (`Bucket`, `BucketV2`) read the same. */
export const AWS_TYPES: Readonly<Record<string, AwsType>> = {
  ...FUNCTIONS,
  ...MESSAGES,
  ...DATA,
  ...IDENTITIES,
  ...APIS,
  ...HOSTS,
};

/** The mapping of a type token; older and newer generations of a type share one. */
export function awsType(token: string): AwsType | undefined {
  const known = [token, token.replace(/V2(?=:|$)/g, '')].find((name) => Object.hasOwn(AWS_TYPES, name));
  return known === undefined ? nativeType(token) : AWS_TYPES[known];
}

const natives = new Map<string, AwsType>();

/** Types of the aws-native provider have CloudFormation's own properties. */
function nativeType(token: string): AwsType | undefined {
  const known = natives.get(token);
  if (known || !Object.hasOwn(NATIVE_FACTS, token)) return known;
  const [type, renamed, verbatim] = NATIVE_FACTS[token]!;
  const pairs = renamed.split(' ').filter(Boolean);
  const mapping: AwsType = {
    type,
    renamed: Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string])),
    verbatim: verbatim.split(' ').filter(Boolean),
    outputs: { id: '' },
  };
  natives.set(token, mapping);
  return mapping;
}
