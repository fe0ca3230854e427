import { type Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import type { Check } from '../core/check/check';
import { within } from '../core/facts/fact';
import { ephemeralStorage, functionDescription, layersPerFunction } from '../core/facts/lambda';
import type { ServiceFunctionProps } from './service-function-props';

/** What CDK or Lambda refuses of the props that CDK reads. */
export function platformChecks(props: ServiceFunctionProps): Check[] {
  const { description, runtime, profiling, ephemeralStorageSize: storage } = props;
  const rows: Check[] = [];
  const { layers = [], insightsVersion, adotInstrumentation, paramsAndSecrets } = props;
  const all =
    layers.length +
    (insightsVersion === undefined ? 0 : 1) +
    (adotInstrumentation === undefined ? 0 : 1) +
    (paramsAndSecrets === undefined ? 0 : 1);
  // Every function is judged, and few have any of these: rows are made for what is given only.
  if (all > 0) {
    rows.push({
      prop: 'layers',
      value: all,
      valid: () => all <= layersPerFunction.value,
      rule: `must be at most ${layersPerFunction.value} layers, with those of 'insightsVersion', 'adotInstrumentation' and 'paramsAndSecrets'`,
      remedy: 'put several in one layer, or bundle what they hold',
    });
  }
  if (description !== undefined) {
    rows.push({
      prop: 'description',
      value: description,
      valid: () => description.length <= functionDescription.value,
      rule: `must have at most ${functionDescription.value} characters`,
      remedy: 'shorten it',
    });
  }
  if (storage !== undefined) {
    rows.push({
      prop: 'ephemeralStorageSize',
      value: storage,
      valid: () => storageIsValid(mebibytes(storage)),
      rule: `must be whole MiB from ${ephemeralStorage.value.min} to ${ephemeralStorage.value.max}`,
      remedy: 'choose a size in that range',
    });
  }
  rows.push(...networkChecks(props), ...snapStartChecks(props), ...levelChecks(props));
  for (const prop of written(props, PROFILED)) {
    rows.push({
      prop,
      value: props[prop],
      sensitive: true,
      valid: () => !props[prop] || profiling === false || runtime?.supportsCodeGuruProfiling === true,
      rule: 'must not be given for a runtime that CodeGuru does not profile, such as Node.js',
      remedy: 'remove it',
    });
  }
  return rows;
}

const PROFILED = ['profiling', 'profilingGroup'] as const;

/** The name of the runtime of a function whose code is an image, which may hold any. */
const IMAGE = 'FROM_IMAGE';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html */
function snapStartChecks(props: ServiceFunctionProps): Check[] {
  const { snapStart, runtime, ephemeralStorageSize } = props;
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
    ...written(props, ['filesystem', 'tenancyConfig']).map((prop) => ({
      prop,
      value: props[prop],
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

const LEVELS = ['applicationLogLevel', 'applicationLogLevelV2', 'systemLogLevel', 'systemLogLevelV2'] as const;

/** A line of text has no level that Lambda reads. */
function levelChecks(props: ServiceFunctionProps): Check[] {
  return written(props, LEVELS).map((prop) => ({
    prop,
    value: props[prop],
    valid: () => props.loggingFormat !== 'Text',
    rule: "must not be given with 'loggingFormat' 'Text'",
    remedy: 'remove one of them',
  }));
}

const OUTBOUND = ['allowAllOutbound', 'allowAllIpv6Outbound'] as const;
const OF_VPC = ['securityGroups', 'vpcSubnets', 'filesystem', 'ipv6AllowedForDualStack', ...OUTBOUND] as const;

function networkChecks(props: ServiceFunctionProps): Check[] {
  const { vpc, securityGroups, ipv6AllowedForDualStack } = props;
  const grouped = securityGroups !== undefined && securityGroups.length > 0;
  const ofVpc = written(props, OF_VPC).filter(
    (prop) => (prop !== 'securityGroups' || grouped) && (prop !== 'ipv6AllowedForDualStack' || ipv6AllowedForDualStack),
  );
  return [
    ...ofVpc.map((prop) => ({
      prop,
      value: props[prop],
      sensitive: true,
      valid: () => vpc !== undefined,
      rule: "must be given only with 'vpc'",
      remedy: "give the 'vpc' too, or remove it",
    })),
    ...written(props, OUTBOUND).map((prop) => ({
      prop,
      value: props[prop],
      valid: () => vpc === undefined || !grouped,
      rule: "must not be given with 'securityGroups', which say themselves what goes out",
      remedy: 'set it on the groups',
    })),
  ];
}

/** Which of some props are given. */
function written<P extends keyof ServiceFunctionProps>(props: ServiceFunctionProps, names: readonly P[]): P[] {
  return names.filter((name) => props[name] !== undefined);
}

function mebibytes(size: Size): number {
  return size.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
}

function storageIsValid(size: number): boolean {
  return Number.isInteger(size) && within(ephemeralStorage.value, size);
}
