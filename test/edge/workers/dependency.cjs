const path = require('path');
module.exports = (/** @type {string} */ text) => path.dirname(text);
