// The customer's Node-RED: signing in is left to the identity provider, without asking (autoLogin), and only `ops` may come in.
const { INSTALLED, DATA_DIR, PORT } = process.env;
const Strategy = require(`${INSTALLED}/node_modules/passport-strategy`);
const here = `http://127.0.0.1:${PORT}`;
const provider = `http://127.0.0.1:${Number(PORT) + 1}`;

class Acme extends Strategy {
  constructor(options, verify) {
    super();
    this.name = 'acme';
    this.verify = verify;
  }

  authenticate(request) {
    const name = request.query.code;
    if (!name) return this.redirect(`${provider}/authorize?redirect_uri=${encodeURIComponent(`${here}/auth/strategy/callback`)}`);
    this.verify(name, { username: name }, (error, user, info) => {
      if (error) return this.error(error);
      return user ? this.success(user) : this.fail(info);
    });
  }
}

module.exports = {
  uiPort: Number(PORT),
  uiHost: '127.0.0.1',
  userDir: DATA_DIR,
  flowFile: 'flows.json',
  credentialSecret: 'x',
  telemetry: { enabled: false },
  editorTheme: { tours: false, palette: { catalogues: [] } },
  logging: { console: { level: 'info' } },
  adminAuth: {
    type: 'strategy',
    strategy: {
      name: 'acme',
      label: 'Sign in with ACME',
      icon: 'fa-building',
      autoLogin: true,
      strategy: Acme,
      options: { verify: (token, profile, done) => done(null, profile) },
    },
    users: [{ username: 'ops', permissions: ['*'] }],
  },
};
