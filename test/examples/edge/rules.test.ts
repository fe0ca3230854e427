import { synthesize } from 'lintel/pulumi';
import { judge, readGraph, RULES } from 'lintel/rules';
import { chatRooms } from '../../../examples/edge/chat-room/chat-rooms';
import { gatewayToAws } from '../../../examples/edge/gateway-to-aws/gateway-to-aws';
import { links } from '../../../examples/edge/links/links';
import { ordersApi } from '../../../examples/edge/orders/orders-api';
import { inDirectory } from './in-directory';

const programs = {
  links: () => links('k3y'),
  'chat-room': chatRooms,
  'gateway-to-aws': gatewayToAws,
  orders: ordersApi,
};

test.each(Object.entries(programs))('%s passes all rules, without an acknowledgement', async (name, program) => {
  const graph = await inDirectory(`examples/edge/${name}`, () =>
    synthesize(program, { config: { 'cloudflare:accountId': 'account' } }),
  );
  const { findings, unknown, acknowledged, failures } = judge(readGraph(graph), { rules: RULES });
  expect({ findings, unknown, acknowledged, failures }).toEqual({
    findings: [],
    unknown: [],
    acknowledged: [],
    failures: [],
  });
});
