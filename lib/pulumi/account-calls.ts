import { policyDocument } from './policy-document';
import { parseArn } from '../core/arn';

/** Answers calls to provider functions that can be answered without an account; undefined for all others. */
export function answerOfAccount(
  token: string,
  inputs: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
): unknown {
  const answer = Object.hasOwn(ANSWERS, token) ? ANSWERS[token] : undefined;
  return answer?.(inputs, typeof config['aws:region'] === 'string' ? config['aws:region'] : '${AWS::Region}');
}

type Answer = (inputs: Readonly<Record<string, unknown>>, region: string) => unknown;

const partition = { partition: '${AWS::Partition}', dnsSuffix: '${AWS::URLSuffix}', id: '${AWS::Partition}' };

/** A program that spans zones asks for two or three. */
const zones: Answer = (_inputs, region) => {
  const names = ['a', 'b', 'c'].map((letter) => `${region}${letter}`);
  return { names, zoneIds: names, id: region, groupNames: [region] };
};

const ANSWERS: Readonly<Record<string, Answer>> = {
  'aws:index/getCallerIdentity:getCallerIdentity': () => ({
    accountId: '${AWS::AccountId}',
    id: '${AWS::AccountId}',
    arn: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root',
    userId: '${unknown}',
  }),
  // An argument may name another region, of which only the name is needed.
  'aws:index/getRegion:getRegion': ({ name, region: other }, region) => {
    const found = [name, other].find((one) => typeof one === 'string') ?? region;
    return {
      name: found,
      region: found,
      id: found,
      description: '${unknown}',
      endpoint: `ec2.${String(found)}.amazonaws.com`,
    };
  },
  'aws:index/getPartition:getPartition': () => ({ ...partition, reverseDnsPrefix: '${unknown}' }),
  'aws:index/getAvailabilityZones:getAvailabilityZones': zones,
  'aws:iam/getPolicyDocument:getPolicyDocument': (inputs) => policyDocument(inputs),
  'aws-native:index:getAccountId': () => ({ accountId: '${AWS::AccountId}' }),
  'aws-native:index:getRegion': (_inputs, region) => ({ region }),
  'aws-native:index:getPartition': () => partition,
  'aws-native:index:getUrlSuffix': () => ({ urlSuffix: '${AWS::URLSuffix}' }),
  'aws-native:index:getAzs': (_inputs, region) => ({ azs: ['a', 'b', 'c'].map((letter) => `${region}${letter}`) }),
  // The list of Workers determines pending Durable Object migrations: in a new account it is empty.
  'cloudflare:index/getWorkersScripts:getWorkersScripts': () => ({ results: [] }),

  'aws:index/getArn:getArn': ({ arn }) => (typeof arn === 'string' ? partsOfArn(arn) : undefined),
};

/** The parts of a literal ARN. */
function partsOfArn(arn: string): unknown {
  const parts = arn.includes('${') ? undefined : parseArn(arn);
  return parts && { arn, id: arn, ...parts };
}
