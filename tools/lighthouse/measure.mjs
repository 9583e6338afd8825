// Measures pages with Lighthouse, one after another in one Chromium, and prints what it finds as JSON:
// {address: {categories: {id: 0-100}, faults: [{id, title, where: [...]}]}}.
// Usage: CHROMIUM=/usr/bin/chromium COOKIE=sessionid=... node tools/lighthouse/measure.mjs ADDRESS...
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { connect } from "puppeteer-core";

const CATEGORIES = ["accessibility", "best-practices"];
const addresses = process.argv.slice(2);
const chromium = await launch({
  chromePath: process.env.CHROMIUM,
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const found = {};
try {
  if (process.env.COOKIE) {
    const [name, value] = process.env.COOKIE.split("=");
    const driver = await connect({ browserURL: `http://localhost:${chromium.port}` });
    await driver.setCookie({ name, value, domain: new URL(addresses[0]).hostname, path: "/", httpOnly: true });
    await driver.disconnect();
  }
  for (const address of addresses) {
    const { lhr } = await lighthouse(address, {
      port: chromium.port, output: "json", logLevel: "error", onlyCategories: CATEGORIES,
      // What these wait for is of use to speed alone, which is not measured.
      pauseAfterFcpMs: 0, pauseAfterLoadMs: 0, cpuQuietThresholdMs: 0,
    });
    if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
    const counted = CATEGORIES.flatMap((id) => lhr.categories[id].auditRefs.filter((audit) => audit.weight > 0));
    found[address] = {
      shown: new URL(lhr.finalDisplayedUrl).pathname,
      categories: Object.fromEntries(CATEGORIES.map((id) => [id, Math.round(lhr.categories[id].score * 100)])),
      faults: counted.map(({ id }) => lhr.audits[id]).filter(({ score }) => score !== null && score < 1)
        .map(({ id, title, details }) => ({
          id, title, where: (details?.items ?? []).map(({ node, description }) => node?.snippet ?? description).slice(0, 9),
        })),
    };
  }
} finally {
  await chromium.kill();
}
console.log(JSON.stringify(found, null, 1));
