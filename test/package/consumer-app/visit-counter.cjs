// A helper in CommonJS that reaches the session by itself.
const { getSessionData, setSessionData } = require('cdk-session-table/lambda-runtime');

exports.countVisit = () => setSessionData((getSessionData() ?? 0) + 1);
