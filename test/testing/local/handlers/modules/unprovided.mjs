import '@aws-sdk/client-not-here';

export const handler = async () => 'loaded';
