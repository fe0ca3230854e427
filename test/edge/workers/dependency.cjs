const path = require('path');
module.exports = (text) => path.dirname(text);
