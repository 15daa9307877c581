// A replica that does as its requests say. Started as `node replica.js`, with PORT in its environment.
const http = require('http');

let ready = process.env.NEVER_READY !== '1';
let release = () => {};
let closing = false;
let active = 0;

// Not when every connection is closed: a client may have opened one ahead that it has not used yet.
const endWhenIdle = () => { if (closing && active === 0) process.exit(0); };

const routes = {
  '/v2/health/live': (request, response) => response.end(),
  '/v2/health/ready': (request, response) => { response.statusCode = ready ? 200 : 503; response.end(); },

  // What came in, as it was written.
  '/echo': (request, response) => {
    const chunks = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('X-From', ['one', 'two']);
      response.setHeader('Server', 'replica');
      response.setHeader('Date', 'Thu, 01 Jan 1970 00:00:00 GMT');
      response.end(JSON.stringify({
        name: process.env.NAME, pid: process.pid, method: request.method, url: request.url,
        headers: request.rawHeaders, body: Buffer.concat(chunks).toString(),
      }));
    });
  },
  '/who': (request, response) => response.end(process.env.NAME),
  '/slow': (request, response) => setTimeout(() => response.end('done'), 300),
  '/hang': () => {},

  // The first half now, the second when somebody asks for /release.
  '/halves': (request, response) => { response.write('first'); release = () => response.end('second'); },
  '/release': (request, response) => { release(); response.end(); },
  '/unready': (request, response) => { ready = false; response.end(); },
  '/half-and-die': (request, response) => response.write('first', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50)),
  '/die': () => process.kill(process.pid, 'SIGKILL'),
};

const server = http.createServer((request, response) => {
  const route = routes[request.url.split('?')[0]];
  active++;
  response.on('close', () => { active--; endWhenIdle(); });
  if (route) route(request, response);
  else { response.statusCode = 404; response.end(); }
});
server.keepAliveTimeout = 130000;
server.listen(process.env.PORT, '127.0.0.1', () => console.log('listening'));
process.on('SIGTERM', () => {
  if (process.env.STUBBORN === '1') return;
  closing = true;
  server.close();
  endWhenIdle();
});
