// A stand-in for the customer's identity provider: it asks for a name once, remembers it in a cookie of its own, and sends
// the browser back with ?code=<name>.   node sso.js PORT
const http = require('http');

const port = Number(process.argv[2]);

function form(back) {
  return `<title>ACME sign-in</title><h1>ACME sign-in</h1><form action="/login"><input type="hidden" name="redirect_uri" value="${back}">
<label>User <input name="user"></label><button>Sign in</button></form>`;
}

http.createServer((request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  const back = url.searchParams.get('redirect_uri');
  const known = /sso=([^;]+)/.exec(request.headers.cookie || '');
  const sendBack = (name, headers = {}) => {
    response.writeHead(302, { location: `${back}?code=${encodeURIComponent(name)}`, ...headers });
    response.end();
  };
  if (url.pathname === '/authorize' && known && back) return sendBack(known[1]);
  if (url.pathname === '/authorize') {
    response.writeHead(200, { 'content-type': 'text/html' });
    return response.end(form(back));
  }
  if (url.pathname === '/login') {
    const name = url.searchParams.get('user');
    return sendBack(name, { 'set-cookie': `sso=${name}; Path=/; HttpOnly` });
  }
  response.writeHead(404);
  response.end();
}).listen(port, '127.0.0.1');
