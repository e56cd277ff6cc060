// An OpenID provider with a few people, for tests. Its settings are one argument of JSON. Keys are made anew at each start, and
// nothing is kept, so a restarted provider has other keys and knows no code of before.

import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';

const settings = JSON.parse(process.argv[2]);

const PEOPLE = {
  ann: {
    preferred_username: 'ann',
    name: 'Ann Example',
    email: 'ann@example.org',
    email_verified: true,
    groups: ['qgis staff', 'everybody'],
  },
  ben: { preferred_username: 'ben', name: 'Ben Example', email: 'ben@example.org', email_verified: false },
  dan: {},
};

const KEYS = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};
const key = KEYS[settings.alg]().privateKey.export({ format: 'jwk' });

const client = (client_id, more) => ({
  client_id,
  redirect_uris: settings.redirect_urls,
  response_types: ['code'],
  grant_types: ['authorization_code'],
  id_token_signed_response_alg: settings.alg,
  ...more,
});

const provider = new Provider(settings.issuer, {
  clients: [
    client('cairn', { client_secret: settings.secret, token_endpoint_auth_method: settings.auth_method }),
    client('cairn-public', { token_endpoint_auth_method: 'none' }),
  ],
  clientAuthMethods: [settings.auth_method, 'none'],
  enabledJWA: { idTokenSigningAlgValues: [settings.alg] },
  jwks: { keys: [{ ...key, use: 'sig', alg: settings.alg, kid: randomUUID() }] },
  claims: {
    openid: ['sub'],
    profile: ['preferred_username', 'name'],
    email: ['email', 'email_verified'],
    groups: ['groups'],
  },
  scopes: ['openid', 'profile', 'email', 'groups'],
  conformIdTokenClaims: !settings.claims_in_id_token,
  cookies: { keys: ['a secret of a test'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  ttl: { IdToken: 600, AccessToken: 600, AuthorizationCode: 60, Interaction: 600, Session: 600, Grant: 600 },
  findAccount: (_, id) => {
    if (!Object.hasOwn(PEOPLE, id)) return undefined;
    return { accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) };
  },
  // Everybody agrees to everything.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid profile email groups');
    await grant.save();
    return grant;
  },
});

const FORM = `<!doctype html><title>Sign in</title><form method="post">
<input name="name" aria-label="name" autofocus><button>Sign in</button></form>`;

async function interact(request, response) {
  await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(FORM);
    return;
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  const name = new URLSearchParams(body).get('name');
  const result = Object.hasOwn(PEOPLE, name)
    ? { login: { accountId: name } }
    : { error: 'access_denied', error_description: 'nobody has this name' };
  await provider.interactionFinished(request, response, result);
}

const answer = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  return interact(request, response).catch((fault) => {
    response.writeHead(400).end(String(fault));
  });
}).listen(settings.port, '127.0.0.1');
