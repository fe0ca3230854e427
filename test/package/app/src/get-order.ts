export const handler = async (event: { pathParameters: { id: string } }) => ({
  table: process.env.ORDERS,
  id: event.pathParameters.id,
});
