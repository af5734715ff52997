// A small web server on the loopback: the pages of one folder, and below /lib/ the packages that were installed.
// node static.js INSTALLED PORT FOLDER
const http = require('http');
const fs = require('fs');
const path = require('path');

const [, , installed, port, folder] = process.argv;
const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
};

function fileOf(url) {
  const wanted = decodeURIComponent(url.split('?')[0]);
  if (wanted.startsWith('/lib/')) return path.join(installed, 'node_modules', path.normalize(wanted.slice(4)));
  return path.join(folder, path.normalize(wanted.endsWith('/') ? wanted + 'index.html' : wanted));
}

http.createServer((request, response) => {
  const file = fileOf(request.url);
  fs.readFile(file, (error, content) => {
    if (error) {
      response.writeHead(404);
      return response.end('not found');
    }
    response.writeHead(200, { 'content-type': TYPES[path.extname(file)] || 'application/octet-stream', 'cache-control': 'no-store' });
    response.end(content);
  });
}).listen(Number(port), '127.0.0.1');
