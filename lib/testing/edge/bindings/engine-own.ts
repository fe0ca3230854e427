import type { BindingKind, GraphBinding } from './binding-kind';

/**
 * Bindings that the engine implements itself. It swallows events and mail; a test that wants to see them replaces the
 * binding.
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

/** The allowed mail addresses, checked by the engine. */
function mailOf({ name, destinationAddress, allowedDestinationAddresses, allowedSenderAddresses }: GraphBinding) {
  return {
    name,
    ...(destinationAddress !== undefined && { destination_address: destinationAddress }),
    ...(allowedDestinationAddresses !== undefined && { allowed_destination_addresses: allowedDestinationAddresses }),
    ...(allowedSenderAddresses !== undefined && { allowed_sender_addresses: allowedSenderAddresses }),
  };
}
