'use strict';
// Its dependency was left out of the bundle. It is in the project's node_modules, which Lambda does not have.
const { Construct } = require('constructs');

exports.handler = async () => Construct.name;
