import { connectionBudget } from '../../../../lib/rules/rules/databases/connection-budget';
import { describeFaults, OPEN } from '../faults';
import { direct, pooled } from './templates';

const shared = {
  ...pooled,
  Second: {
    Type: 'AWS::RDS::DBProxyTargetGroup',
    Properties: {
      DBProxyName: { Ref: 'Proxy' },
      DBClusterIdentifiers: [{ Ref: 'Cluster' }],
      ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: 10, MaxIdleConnectionsPercent: 5 },
    },
  },
};
const PERCENT = 'Second.ConnectionPoolConfigurationInfo.MaxConnectionsPercent';
describeFaults(connectionBudget, shared, [
  {
    mistake: 'two proxies that share more than all connections',
    change: { [PERCENT]: 20 },
    message: 'has 2 proxies that together may use 110 % of its connections',
    open: { [PERCENT]: OPEN },
  },
]);

describeFaults(connectionBudget, direct, [
  {
    mistake: 'functions that hold more connections than there are',
    change: { 'Reader.ReservedConcurrentExecutions': 900 },
    message: 'has 818 connections at 4 ACU, but functions hold 900 (Shop/Reader 900)',
    open: { 'Reader.ReservedConcurrentExecutions': OPEN },
  },
  {
    mistake: 'a capacity that has too few',
    change: { 'Cluster.ServerlessV2ScalingConfiguration.MaxCapacity': 1 },
    message: 'has 184 connections at 1 ACU, but functions hold 200 (Shop/Reader 200)',
    open: { 'Cluster.ServerlessV2ScalingConfiguration.MaxCapacity': OPEN },
  },
]);
