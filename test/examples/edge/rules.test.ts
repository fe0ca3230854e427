import { synthesize } from 'lintel/pulumi';
import { judge, readGraph, RULES } from 'lintel/rules';
import { chatRooms } from '../../../examples/edge/chat-room/chat-rooms';
import { gatewayToAws } from '../../../examples/edge/gateway-to-aws/gateway-to-aws';
import { knowledge } from '../../../examples/edge/knowledge/knowledge';
import { links } from '../../../examples/edge/links/links';
import { ordersApi } from '../../../examples/edge/orders/orders-api';
import { similar } from '../../../examples/edge/similar/similar';
import { twoClouds } from '../../../examples/edge/two-clouds/two-clouds';
import { inDirectory } from './in-directory';

const programs = {
  knowledge: () => knowledge('k3y'),
  links: () => links('k3y'),
  'chat-room': chatRooms,
  'gateway-to-aws': gatewayToAws,
  orders: ordersApi,
  similar,
  'two-clouds': () => twoClouds(`whsec_${Buffer.from('k'.repeat(24)).toString('base64')}`),
};

/** What a construct of a stack acknowledges. */
const SAID_IN_THE_STACK: Readonly<Record<string, readonly string[]>> = {
  // Whoever signs may post: the receiver has its reason there.
  'two-clouds': ['ApiRouteAuthorizer[POST-/]:Payments/FromEdge/Api/Default/POST'],
};

test.each(Object.entries(programs))(
  '%s passes all rules, without an acknowledgement of the program',
  async (name, program) => {
    const graph = await inDirectory(`examples/edge/${name}`, () =>
      synthesize(program, { config: { 'cloudflare:accountId': 'account' } }),
    );
    const { findings, unknown, acknowledged, failures } = judge(readGraph(graph), { rules: RULES });
    expect({ findings, unknown, failures }).toEqual({ findings: [], unknown: [], failures: [] });
    expect(acknowledged.map(({ id }) => id)).toEqual(SAID_IN_THE_STACK[name] ?? []);
  },
);
