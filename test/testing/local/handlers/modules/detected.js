// ES module syntax in a file that nothing says is one.
export const handler = async () => 'detected';
