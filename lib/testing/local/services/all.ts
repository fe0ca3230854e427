import type { ServiceFactory } from '../service';
import { dynamodb } from './dynamodb';
import { eventBridge } from './event-bridge';
import { eventSourceMappings } from './event-source-mappings';
import { httpApi } from './http-api';
import { kinesis } from './kinesis';
import { lambda } from './lambda';
import { parameters } from './parameters';
import { restApi } from './rest-api';
import { s3 } from './s3';
import { schedules } from './schedules';
import { secrets } from './secrets';
import { sqs } from './sqs';
import { sts } from './sts';

/** Every service of the local run, in the order in which they stop; engines last. */
export const SERVICES: readonly ServiceFactory[] = [
  httpApi,
  restApi,
  schedules,
  eventBridge,
  eventSourceMappings,
  lambda,
  secrets,
  parameters,
  sts,
  kinesis,
  sqs,
  s3,
  dynamodb,
];
