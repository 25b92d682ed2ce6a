// The npm client `openid-client`, unmodified but for its issuer, against a running demo.
//
// Usage: node maskinporten_klient.mjs http://127.0.0.1:8080 DATA
// Finds the server by RFC 8414 discovery, gets a token by the JWT bearer grant, opens a guarded route with it, and
// checks the token's signature with the published keys; and is refused in the documented words where that is due.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import assert from 'node:assert/strict'
import * as client from 'openid-client'
import { SignJWT, createRemoteJWKSet, importPKCS8, jwtVerify } from 'jose'

const [base, data] = process.argv.slice(2)
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const klienter = JSON.parse(readFileSync(join(data, 'demo', 'klienter.json'), 'utf8'))
const klient = klienter.find((k) => k.client_id === 'demo-alle-scopes')
const key = await importPKCS8(readFileSync(join(data, 'demo', klient.nokkel), 'utf8'), 'RS256')

const config = await client.discovery(
  new URL(`${base}/maskinporten/`),
  klient.client_id,
  undefined,
  client.None(),
  { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
)
const server = config.serverMetadata()

const assertion = (scope) =>
  new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256', kid: klient.kid })
    .setIssuer(klient.client_id)
    .setAudience(server.issuer)
    .setIssuedAt()
    .setExpirationTime('100s')
    .setJti(crypto.randomUUID())
    .sign(key)

const granted = await client.genericGrantRequest(config, GRANT, { assertion: await assertion('grunndata:demo.les') })
assert.equal(granted.token_type, 'bearer')
assert.ok(granted.expiresIn() > 60)
const opened = await client.fetchProtectedResource(
  config,
  granted.access_token,
  new URL(`${base}/maskinporten/utvidet/hvem-er-jeg`),
  'GET',
)
assert.equal(opened.status, 200)
assert.equal((await opened.json()).konsument, klient.orgnr)
const { payload } = await jwtVerify(granted.access_token, createRemoteJWKSet(new URL(server.jwks_uri)), {
  issuer: server.issuer,
})
assert.equal(payload.consumer.ID, `0192:${klient.orgnr}`)
console.log('openid-client: discovery, a token that opens and verifies with the published keys')

await assert.rejects(
  client.genericGrantRequest(config, GRANT, { assertion: await assertion('grunndata:demo.stengt') }),
  (error) =>
    error.status === 403 &&
    error.error === 'forbidden' &&
    error.error_description.startsWith('Consumer has not been granted access to the scope grunndata:demo.stengt.'),
)
console.log('openid-client: a refusal that it understands')
