// oidc-provider issuing JWT access tokens to a client that authenticates with a signed assertion: as near to a
// Maskinporten grant as it comes. Everything is kept in memory; one process for each processor.
//
//   node server.mjs PORT CLIENT_JWKS
import cluster from "node:cluster";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

const [port, clientKeys] = process.argv.slice(2);

if (cluster.isPrimary) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = JSON.stringify({ ...privateKey.export({ format: "jwk" }), kid: "as-1", use: "sig", alg: "RS256" });
  for (let i = 0; i < availableParallelism(); i += 1) cluster.fork({ AS_KEY: key });
  process.on("SIGTERM", () => process.exit(0));
} else {
  const { default: Provider } = await import("oidc-provider");
  const resourceServer = {
    scope: "demo:register.read",
    audience: "https://api.example.no",
    accessTokenTTL: 120,
    accessTokenFormat: "jwt",
    jwt: { sign: { alg: "RS256" } },
  };
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    jwks: { keys: [JSON.parse(process.env.AS_KEY)] },
    clients: [
      {
        client_id: "klient",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "RS256",
        jwks: JSON.parse(readFileSync(clientKeys, "utf8")),
      },
    ],
    scopes: ["demo:register.read"],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => "https://api.example.no",
        useGrantedResource: () => true,
        getResourceServerInfo: () => resourceServer,
      },
    },
  });
  provider.listen(Number(port), "127.0.0.1");
}
