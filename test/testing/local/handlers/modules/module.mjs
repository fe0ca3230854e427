// What a handler that is an ES module may load.
export const imports = async ({ name }) => ({ ...(await import(name)) });
export const says = 'from a module';
