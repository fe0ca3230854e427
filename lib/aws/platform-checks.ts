import { type Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import type { Check } from '../core/check/check';
import { within } from '../core/facts/fact';
import { ephemeralStorage, functionDescription, layersPerFunction } from '../core/facts/lambda';
import type { ServiceFunctionProps } from './service-function-props';

/** What CDK or Lambda refuses of the props that CDK reads. */
export function platformChecks(props: ServiceFunctionProps): Check[] {
  const { description, runtime, profiling, profilingGroup, ephemeralStorageSize: storage } = props;
  const { layers = [], insightsVersion, adotInstrumentation, paramsAndSecrets } = props;
  const extensions = [insightsVersion, adotInstrumentation, paramsAndSecrets].filter((one) => one !== undefined);
  const all = layers.length + extensions.length;
  return [
    {
      prop: 'layers',
      value: all,
      valid: () => all <= layersPerFunction.value,
      rule: `must be at most ${layersPerFunction.value} layers, with those of 'insightsVersion', 'adotInstrumentation' and 'paramsAndSecrets'`,
      remedy: 'put several in one layer, or bundle what they hold',
    },
    {
      prop: 'description',
      value: description,
      valid: () => (description?.length ?? 0) <= functionDescription.value,
      rule: `must have at most ${functionDescription.value} characters`,
      remedy: 'shorten it',
    },
    {
      prop: 'ephemeralStorageSize',
      value: storage,
      valid: () => storage === undefined || storageIsValid(mebibytes(storage)),
      rule: `must be whole MiB from ${ephemeralStorage.value.min} to ${ephemeralStorage.value.max}`,
      remedy: 'choose a size in that range',
    },
    ...networkChecks(props),
    ...snapStartChecks(props),
    ...levelChecks(props),
    ...written({ profiling, profilingGroup }).map(([prop, value]) => ({
      prop,
      value,
      sensitive: true,
      valid: () => !value || profiling === false || runtime?.supportsCodeGuruProfiling === true,
      rule: 'must not be given for a runtime that CodeGuru does not profile, such as Node.js',
      remedy: 'remove it',
    })),
  ];
}

/** The name of the runtime of a function whose code is an image, which may hold any. */
const IMAGE = 'FROM_IMAGE';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html */
function snapStartChecks(props: ServiceFunctionProps): Check[] {
  const { snapStart, runtime, filesystem, tenancyConfig, ephemeralStorageSize } = props;
  if (snapStart === undefined) return [];
  return [
    {
      prop: 'snapStart',
      value: snapStart,
      sensitive: true,
      valid: () => runtime?.name === IMAGE || runtime?.supportsSnapStart === true,
      rule: 'must not be given for a runtime without SnapStart, such as Node.js',
      remedy: "set 'warm' to keep environments warm",
    },
    ...written({ filesystem, tenancyConfig }).map(([prop, value]) => ({
      prop,
      value,
      sensitive: true,
      valid: () => false,
      rule: "must not be given with 'snapStart'",
      remedy: 'remove one of them',
    })),
    {
      prop: 'ephemeralStorageSize',
      value: ephemeralStorageSize,
      valid: () => ephemeralStorageSize === undefined || mebibytes(ephemeralStorageSize) <= ephemeralStorage.value.min,
      rule: `must be at most ${ephemeralStorage.value.min} MiB with 'snapStart'`,
      remedy: 'remove one of them',
    },
  ];
}

/** A line of text has no level that Lambda reads. */
function levelChecks(props: ServiceFunctionProps): Check[] {
  const { loggingFormat, applicationLogLevel, applicationLogLevelV2, systemLogLevel, systemLogLevelV2 } = props;
  const levels = { applicationLogLevel, applicationLogLevelV2, systemLogLevel, systemLogLevelV2 };
  return written(levels).map(([prop, value]) => ({
    prop,
    value,
    valid: () => loggingFormat !== 'Text',
    rule: "must not be given with 'loggingFormat' 'Text'",
    remedy: 'remove one of them',
  }));
}

function networkChecks(props: ServiceFunctionProps): Check[] {
  const { vpc, vpcSubnets, filesystem, ipv6AllowedForDualStack, allowAllOutbound, allowAllIpv6Outbound } = props;
  const securityGroups = props.securityGroups?.length === 0 ? undefined : props.securityGroups;
  const outbound = { allowAllOutbound, allowAllIpv6Outbound };
  const ofVpc = {
    securityGroups,
    vpcSubnets,
    filesystem,
    ipv6AllowedForDualStack: ipv6AllowedForDualStack || undefined,
    ...outbound,
  };
  return [
    ...written(ofVpc).map(([prop, value]) => ({
      prop,
      value,
      sensitive: true,
      valid: () => vpc !== undefined,
      rule: "must be given only with 'vpc'",
      remedy: "give the 'vpc' too, or remove it",
    })),
    ...written(outbound).map(([prop, value]) => ({
      prop,
      value,
      valid: () => vpc === undefined || securityGroups === undefined,
      rule: "must not be given with 'securityGroups', which say themselves what goes out",
      remedy: 'set it on the groups',
    })),
  ];
}

/** What is given of some props: every function is judged, and has few of them. */
function written(props: object): [prop: string, value: unknown][] {
  return Object.entries(props).filter(([, value]) => value !== undefined);
}

function mebibytes(size: Size): number {
  return size.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
}

function storageIsValid(size: number): boolean {
  return Number.isInteger(size) && within(ephemeralStorage.value, size);
}
