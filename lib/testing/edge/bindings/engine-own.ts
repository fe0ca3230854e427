import type { BindingKind, GraphBinding } from './binding-kind';

/**
 * What the engine has something of its own for. It takes events and mail and keeps them to itself; a test that wants to see
 * them puts its own object in their place.
 */
export const engineOwn: BindingKind = {
  options: {
    analytics_engine: ({ name, dataset }) => ({ analyticsEngineDatasets: { [name]: { dataset: dataset ?? name } } }),
    send_email: (binding: GraphBinding) => ({ email: { send_email: [mailOf(binding)] } }),
    images: ({ name }) => ({ images: { binding: name } }),
    pipelines: ({ name, pipeline, stream }) => ({ pipelines: { [name]: pipeline ?? stream ?? name } }),
    worker_loader: ({ name }) => ({ workerLoaders: { [name]: {} } }),
  },
};

/** The addresses that mail may go to and come from, as the engine checks them. */
function mailOf({ name, destinationAddress, allowedDestinationAddresses, allowedSenderAddresses }: GraphBinding) {
  return {
    name,
    ...(destinationAddress !== undefined && { destination_address: destinationAddress }),
    ...(allowedDestinationAddresses !== undefined && { allowed_destination_addresses: allowedDestinationAddresses }),
    ...(allowedSenderAddresses !== undefined && { allowed_sender_addresses: allowedSenderAddresses }),
  };
}
