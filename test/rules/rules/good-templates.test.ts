import { narrowPolicies, policies } from './access/templates';
import { documentedApi, functionUrl, httpApi, restApi, warmAlias } from './apis/templates';
import { stores } from './data/templates';
import { bucketWithFunction, deliveries, pipe } from './events/templates';
import { durable, functions } from './functions/templates';
import { fifo, queues } from './queues/templates';
import { definitionAsText, definitionWithSubstitutions, express, stateMachines } from './state-machines/templates';
import { streams } from './streams/templates';
import { graphql } from './graphql/templates';
import { graphWith } from './edge/templates';
import { judgeAll, modelOf } from './faults';

const templates = {
  graphql,
  policies,
  narrowPolicies,
  httpApi,
  warmAlias,
  restApi,
  documentedApi,
  functionUrl,
  stores,
  deliveries,
  bucketWithFunction,
  pipe,
  functions,
  durable,
  queues,
  fifo,
  stateMachines,
  express,
  definitionAsText,
  definitionWithSubstitutions,
  streams,
};

// What makes a fault table prove something: each of its mistakes is the only one.
test.each(Object.entries(templates))('says nothing about the good template %s', (_, resources) => {
  expect(judgeAll(modelOf(resources))).toEqual({ findings: [], unknown: [], failures: [] });
});

test('says nothing about a good program for the edge', () => {
  expect(judgeAll(graphWith({}))).toEqual({ findings: [], unknown: [], failures: [] });
});
