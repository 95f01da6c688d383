// Verifies a webhook as a receiver would: by the Standard Webhooks library, and by hand with Node's own crypto.
import { createHmac, timingSafeEqual } from "node:crypto";
import { Webhook } from "standardwebhooks";

const { WEBHOOK_SECRETS, WEBHOOK_ID, WEBHOOK_TIMESTAMP, WEBHOOK_SIGNATURE, WEBHOOK_BODY } = process.env;
const headers = { "webhook-id": WEBHOOK_ID, "webhook-timestamp": WEBHOOK_TIMESTAMP, "webhook-signature": WEBHOOK_SIGNATURE };

const byLibrary = (secret, body, given) => {
  try {
    return new Webhook(secret).verify(body, given) !== undefined;
  } catch {
    return false;
  }
};

const byHand = (secret, body, given) => {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const expected = createHmac("sha256", key).update(`${given["webhook-id"]}.${given["webhook-timestamp"]}.${body}`).digest();
  return given["webhook-signature"].split(" ").some((signature) => {
    const sent = Buffer.from(signature.replace(/^v1,/, ""), "base64");
    return sent.length === expected.length && timingSafeEqual(sent, expected);
  });
};

const check = (body, given) => WEBHOOK_SECRETS.split(" ").map((secret) => [byLibrary(secret, body, given), byHand(secret, body, given)]);

console.log(
  JSON.stringify({
    sent: check(WEBHOOK_BODY, headers),
    otherBody: check(WEBHOOK_BODY.replace("}", " }"), headers),
    otherId: check(WEBHOOK_BODY, { ...headers, "webhook-id": `${WEBHOOK_ID}0` }),
  }),
);
