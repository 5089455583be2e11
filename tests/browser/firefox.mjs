// Opens pages in Firefox and prints what a script found on each:
// node firefox.mjs /usr/bin/firefox '[{"address": "…", "width": 1440, "script": "return 1"}]'

import puppeteer from "puppeteer-core";

const [executablePath, visits] = process.argv.slice(2);
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
try {
  const found = [];
  for (const { address, width, script } of JSON.parse(visits)) {
    const page = await browser.newPage();
    await page.setViewport({ width, height: 900 });
    await page.goto(address, { waitUntil: "load" });
    found.push(await page.evaluate(`(async () => {${script}})()`));
    await page.close();
  }
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}
