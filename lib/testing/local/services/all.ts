import type { ServiceFactory } from '../kernel/service';
import { customResources } from './custom-resources/service';
import { dynamodb } from './dynamodb/service';
import { eventBridge } from './event-bridge/service';
import { eventSourceMappings } from './event-source-mappings/service';
import { functionUrls } from './function-urls/service';
import { httpApi } from './api-gateway/http-service';
import { kinesis } from './kinesis/service';
import { lambda } from './lambda/service';
import { logs } from './logs/service';
import { parameters } from './parameter-store/service';
import { pipes } from './pipes/service';
import { rds } from './rds/service';
import { restApi } from './api-gateway/rest-service';
import { s3 } from './s3/service';
import { schedules } from './schedules/service';
import { secrets } from './secrets-manager/service';
import { sns } from './sns/service';
import { sqs } from './sqs/service';
import { states } from './states/service';
import { sts } from './sts/service';

/** Every service of the local run, in shutdown order with engines last. */
export const SERVICES: readonly ServiceFactory[] = [
  httpApi,
  restApi,
  customResources,
  functionUrls,
  schedules,
  states,
  eventBridge,
  pipes,
  eventSourceMappings,
  lambda,
  logs,
  secrets,
  parameters,
  sts,
  kinesis,
  sns,
  sqs,
  s3,
  rds,
  dynamodb,
];
