/** A document that says most of what one can say. */
export const shop = (more: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  security: [{ login: [] }],
  paths: {
    '/orders': {
      post: { operationId: 'placeOrder', requestBody: { $ref: '#/components/requestBodies/Order' }, responses: OK },
      get: { operationId: 'listOrders', parameters: [{ name: 'after', in: 'query' }], responses: OK },
    },
    '/orders/{id}': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      get: { operationId: 'getOrder', responses: OK },
    },
    '/health': { $ref: '#/components/pathItems/health' },
  },
  components: {
    securitySchemes: { login: { type: 'openIdConnect', openIdConnectUrl: 'https://login.example.com/c' } },
    parameters: { id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } } },
    requestBodies: { Order: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } } },
    schemas: {
      Order: {
        type: 'object',
        properties: { lines: { type: 'array', items: { $ref: '#/components/schemas/Order' } } },
      },
    },
    pathItems: { health: { get: { security: [], responses: OK } } },
  },
  ...more,
});

const OK = { 200: { description: 'Done' } };

/** A document with one operation. */
export const single = (operation: object, more: object = {}) => ({
  openapi: '3.0.3',
  info: { title: 'Shop', version: '1' },
  paths: { '/orders': { get: { operationId: 'listOrders', responses: OK, ...operation } } },
  ...more,
});

/** The same with a security scheme that it asks for. */
export const secured = (scheme: object, security: object[] = [{ login: [] }], more: object = {}) =>
  single({ security }, { components: { securitySchemes: { login: scheme, ...more } } });
